// SPDX-License-Identifier: Apache-2.0
import { Buffer } from "node:buffer";
import { stringifyJson } from "@flux-ts/kube-core";
import { CommandError } from "../../../command.ts";
import { isImageReference } from "../image-name.ts";
import { createSecret } from "./run-secret.ts";

/** `flux create secret oci`: an image pull secret. @see cmd/flux/create_secret_oci.go */
export const runCreateSecretOci = createSecret({
  noun: "oci secret",
  content: ({ flags }) => {
    for (const name of ["url", "username", "password"]) {
      if (flags.string(name) === "") throw new CommandError(`--${name} is required`);
    }
    const [url, username, password] = [flags.string("url"), flags.string("username"), flags.string("password")];
    if (!isImageReference(url)) throw new CommandError(`error parsing url: 'could not parse reference: ${url}'`);
    const auth = Buffer.from(`${username}:${password}`).toString("base64");
    const auths = new Map([[url, { username, password, auth }]]);
    const config = stringifyJson({ auths: Object.fromEntries(auths) }, { indent: 2, escapeHtml: true });
    return { type: "kubernetes.io/dockerconfigjson", stringData: { ".dockerconfigjson": config } };
  },
});
