// SPDX-License-Identifier: Apache-2.0
import { createHash, randomBytes } from "node:crypto";
import { CommandError } from "../../../command.ts";
import { given, labelsOf } from "../creation.ts";
import { createSecret } from "./run-secret.ts";

/** `flux create secret receiver`: the token of a webhook, and where it will be served. @see cmd/flux/create_secret_receiver.go */
export const runCreateSecretReceiver = createSecret({
  noun: "receiver secret",
  content: ({ name, namespace, flags }) => {
    const type = flags.string("type");
    const hostname = flags.string("hostname");
    if (type === "") throw new CommandError("--type is required");
    if (hostname === "") throw new CommandError("--hostname is required");
    const email = flags.string("email-claim");
    if (type === "gcr" && email === "") throw new CommandError("--email-claim is required for gcr receiver type");
    const labels = labelsOf(flags);
    const token = given(flags, "token") ?? randomBytes(32).toString("hex");
    const url = `https://${hostname}${webhookPath(token, name, namespace)}`;
    const stringData = { token, ...(type === "gcr" ? { email, audience: given(flags, "audience-claim") ?? url } : {}) };
    return { labels, annotations: { "notification.toolkit.fluxcd.io/webhook": url }, stringData };
  },
});

/** As notification-controller computes it for a Receiver of the same name. @see notification-controller api/v1 GetWebhookPath */
function webhookPath(token: string, name: string, namespace: string): string {
  return `/hook/${createHash("sha256").update(`${token}${name}${namespace}`).digest("hex")}`;
}
