// SPDX-License-Identifier: Apache-2.0
import { CommandError } from "../../../command.ts";
import type { FlagValues } from "../../../flags.ts";
import { labelsOf } from "../creation.ts";
import type { ParsedUrl } from "../go-url.ts";
import { parseGoUrl } from "../go-url.ts";
import { gitCredentials } from "./git-credentials.ts";
import { createSecret } from "./run-secret.ts";

/** `flux create secret git`. @see cmd/flux/create_secret_git.go */
export const runCreateSecretGit = createSecret({
  noun: "git secret",
  content: async ({ flags, io }) => {
    const url = checkedUrl(flags);
    const labels = labelsOf(flags);
    const [username, password, bearerToken] = [flags.string("username"), flags.string("password"), flags.string("bearer-token")];
    switch (url.scheme) {
      case "ssh":
        break;
      case "http":
      case "https":
        if ((username === "" || password === "") && bearerToken === "") {
          throw new CommandError("for Git over HTTP/S the username and password, or a bearer token is required");
        }
        if (username !== "" && password !== "" && bearerToken !== "") {
          throw new CommandError("user credentials and bearer token cannot be used together");
        }
        break;
      default:
        throw new CommandError(`git URL scheme '${url.scheme}' not supported, can be: ssh, http and https`);
    }
    const stringData = await gitCredentials(io, {
      url,
      username,
      password,
      bearerToken,
      caFile: flags.string("ca-crt-file"),
      privateKeyFile: flags.string("private-key-file"),
      key: {
        algorithm: flags.string("ssh-key-algorithm"),
        rsaBits: flags.string("ssh-rsa-bits"),
        curve: flags.string("ssh-ecdsa-curve"),
      },
    });
    return { labels, stringData };
  },
});

function checkedUrl(flags: FlagValues): ParsedUrl {
  if (flags.string("url") === "") throw new CommandError("url is required");
  try {
    return parseGoUrl(flags.string("url"));
  } catch (error) {
    throw new CommandError(`git URL parse failed: ${(error as Error).message}`, { cause: error });
  }
}
