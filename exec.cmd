@rem cmd.exe has no "exec", which lets "npm start" hand Ctrl-C and SIGTERM to the lab itself in a shell of POSIX. Here it only runs what follows.
@%*
