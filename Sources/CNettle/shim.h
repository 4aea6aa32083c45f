#ifndef ASSAY_CNETTLE_SHIM_H
#define ASSAY_CNETTLE_SHIM_H

#include <nettle/sha2.h>
#include <nettle/version.h>

#endif
