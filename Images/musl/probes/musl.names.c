// proves: names are resolved through /etc/hosts, users through /etc/passwd, what is unknown is refused
// stands for: "bad address", "unknown user" in Alpine images
// source:
#include <arpa/inet.h>
#include <netdb.h>
#include <pwd.h>
#include "probe.h"

int main(void)
{
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
    char text[INET6_ADDRSTRLEN];
    expect_number("getaddrinfo(assay.test)", getaddrinfo("assay.test", "80", &hints, &found), 0);
    inet_ntop(AF_INET, &((struct sockaddr_in *)found->ai_addr)->sin_addr, text, sizeof text);
    expect_text("address of assay.test", text, "192.0.2.7");
    expect_number("port", ntohs(((struct sockaddr_in *)found->ai_addr)->sin_port), 80);
    hints.ai_flags = AI_NUMERICHOST;
    expect_number("not a number", getaddrinfo("assay.test", "80", &hints, &found), EAI_NONAME);
    struct passwd *user = getpwnam("builder");
    expect("getpwnam(builder)", user != NULL);
    expect_number("uid", user->pw_uid, 4242);
    expect("getpwuid(4242)", (user = getpwuid(4242)) != NULL);
    expect_text("home", user->pw_dir, "/home/builder");
    expect("no such user", getpwnam("nobody-here") == NULL);
    return finish();
}
