// SPDX-License-Identifier: Apache-2.0
import { CommandError } from "../../../command.ts";
import { given, labelsOf } from "../creation.ts";
import { parseGoUrl } from "../go-url.ts";
import { createSecret } from "./run-secret.ts";

/** `flux create secret proxy`. @see cmd/flux/create_secret_proxy.go */
export const runCreateSecretProxy = createSecret({
  noun: "proxy secret",
  content: ({ flags }) => {
    const labels = labelsOf(flags);
    const address = flags.string("address");
    if (address === "") throw new CommandError("address is required");
    try {
      parseGoUrl(address);
    } catch (error) {
      throw new CommandError(`invalid proxy address: ${(error as Error).message}`, { cause: error });
    }
    const username = given(flags, "username");
    const password = given(flags, "password");
    const stringData = { address, ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) };
    return { labels, type: "Opaque", stringData };
  },
});
