// SPDX-License-Identifier: Apache-2.0
import type { GitServer } from "@flux-ts/testbed/git-server";
import { createGitServer } from "@flux-ts/testbed/git-server";
import { createSshGitServer, generateSshKey, type SshGitServer } from "@flux-ts/testbed/git-server-ssh";
import { createTestCertificates } from "@flux-ts/testbed/git-server-tls";

/** The repositories of a git server over TLS and SSH; the servers start when somebody asks for their addresses. */
export interface OtherServers extends AsyncDisposable {
  /** `git`, `gits`, `ssh`; `sshHost` is the line of known_hosts, `sshWrongHost` that of another key; `sshIdentity` may come in, `sshOtherIdentity` not. */
  placeholder(this: void, name: string): Promise<string>;
}

export function createOtherServers(git: GitServer): OtherServers {
  const started: { tls?: Promise<GitServer>; ssh?: Promise<SshGitServer> } = {};
  const tls = (): Promise<GitServer> => {
    const { server } = createTestCertificates();
    return (started.tls ??= createGitServer({ folder: git.folder, tls: server }));
  };
  const ssh = (): Promise<SshGitServer> => (started.ssh ??= createSshGitServer(git.folder));
  return {
    async placeholder(name) {
      switch (name) {
        case "git":
          return git.url;
        case "gits":
          return (await tls()).url;
        case "ssh":
          return (await ssh()).url;
        case "sshHost":
          return (await ssh()).knownHosts;
        case "sshWrongHost": {
          const other = await createSshGitServer(git.folder);
          await other[Symbol.asyncDispose]();
          return other.knownHosts.replace(`:${other.port}`, `:${(await ssh()).port}`);
        }
        case "sshIdentity":
          return (await ssh()).identity;
        case "sshOtherIdentity":
          return generateSshKey("ed25519");
        default:
          throw new Error(`no placeholder ${name}`);
      }
    },
    async [Symbol.asyncDispose]() {
      await (await started.tls)?.[Symbol.asyncDispose]();
      await (await started.ssh)?.[Symbol.asyncDispose]();
    },
  };
}
