// proves: users, groups, services and protocols are looked up in files, by name and number, also with buffers too small
// stands for: "unknown user", maintainer scripts whose chown fails, sudo: "you do not exist in the passwd database"
// source:
#define _GNU_SOURCE
#include <grp.h>
#include <netdb.h>
#include <pwd.h>
#include "probe.h"

int main(void)
{
    struct passwd *user = getpwnam("builder"), one, *found;
    expect("getpwnam(builder)", user != NULL);
    expect_number("uid", user->pw_uid, 4242);
    expect_text("home", user->pw_dir, "/home/builder");
    char small[8], buffer[512];
    expect_number("getpwuid_r with 8 bytes", getpwuid_r(4242, &one, small, sizeof small, &found), ERANGE);
    expect_number("getpwuid_r", getpwuid_r(4242, &one, buffer, sizeof buffer, &found), 0);
    expect_text("shell", one.pw_shell, "/bin/builder-shell");
    errno = 0;
    expect("no such user", getpwnam("nobody-here") == NULL);
    int users = 0;
    setpwent();
    while (getpwent())
        users++;
    endpwent();
    expect_number("users", users, 3);
    struct group *group = getgrnam("staff");
    expect("getgrnam(staff)", group != NULL && group->gr_mem[0] && group->gr_mem[1]);
    expect_number("gid", group->gr_gid, 50);
    expect_text("second member", group->gr_mem[1], "builder");
    gid_t groups[8];
    int count = 8;
    expect("getgrouplist", getgrouplist("builder", 4242, groups, &count) == 2 && groups[0] == 4242 && groups[1] == 50);
    struct servent *service = getservbyname("https", "tcp");
    expect("getservbyname(https)", service != NULL);
    expect_number("port", (service->s_port & 0xff) << 8 | (service->s_port >> 8 & 0xff), 443);
    struct protoent *protocol = getprotobynumber(17);
    expect("getprotobynumber(17)", protocol != NULL);
    expect_text("protocol 17", protocol->p_name, "udp");
    return finish();
}
