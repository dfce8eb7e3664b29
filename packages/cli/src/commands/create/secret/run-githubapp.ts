// SPDX-License-Identifier: Apache-2.0
import { CommandError } from "../../../command.ts";
import { given } from "../creation.ts";
import { readGivenFile } from "./read-given-file.ts";
import { createSecret } from "./run-secret.ts";

/** `flux create secret githubapp`. @see cmd/flux/create_secret_github_app.go; upstream takes no labels here */
export const runCreateSecretGithubapp = createSecret({
  noun: "githubapp secret",
  content: ({ flags, io }) => {
    const githubAppPrivateKey = readPrivateKey(flags.string("app-private-key"));
    const githubAppID = flags.string("app-id");
    if (githubAppID === "") throw new CommandError("githubAppID is required");
    if (githubAppPrivateKey === "") throw new CommandError("githubAppPrivateKey is required");
    const owner = given(flags, "app-installation-owner");
    const id = given(flags, "app-installation-id");
    if ((owner === undefined) === (id === undefined)) {
      throw new CommandError("exactly one of githubAppInstallationOwner or githubAppInstallationID must be provided");
    }
    const baseUrl = given(flags, "app-base-url");
    const stringData = {
      githubAppID,
      githubAppPrivateKey,
      ...(owner === undefined ? {} : { githubAppInstallationOwner: owner }),
      ...(id === undefined ? {} : { githubAppInstallationID: id }),
      ...(baseUrl === undefined ? {} : { githubAppBaseURL: baseUrl }),
    };
    return { type: "Opaque", stringData };

    function readPrivateKey(path: string): string {
      if (path === "") throw new CommandError("unable to read private key file: open : no such file or directory");
      return readGivenFile(io, path, "unable to read private key file");
    }
  },
});
