#!/usr/bin/env bash
#SBATCH --job-name=assay
#SBATCH --array=0-7
#SBATCH --ntasks=1
#SBATCH --output=assay-%A-%a.log
# One share of the suite on each node of an array: `sbatch --export=ALL,ASSAY_REPORTS=/shared/reports slurm-array.sh [SUITE]`.
# assay takes its share from SLURM_ARRAY_TASK_ID, _COUNT and _MIN; afterwards `assay report merge $ASSAY_REPORTS/*.json` joins them.
set -uo pipefail

assay=${ASSAY:-assay}
suite=${1:-Scenarios/nightly}
reports=${ASSAY_REPORTS:-$PWD/assay-reports}
mkdir -p "$reports"

# A task that was requeued goes on where its journal ends.
"$assay" run "$suite" --resume --journal "$reports/${SLURM_ARRAY_JOB_ID:-0}-${SLURM_ARRAY_TASK_ID:-0}.journal" \
    --report "json=$reports/${SLURM_ARRAY_JOB_ID:-0}-${SLURM_ARRAY_TASK_ID:-0}.json"
