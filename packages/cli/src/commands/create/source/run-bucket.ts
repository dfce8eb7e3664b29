// SPDX-License-Identifier: Apache-2.0
import { CommandError } from "../../../command.ts";
import { createObject } from "../create-object.ts";
import { creating, duration, fluxObject, given, labelsOf, lines, positiveDuration, referenceTo } from "../creation.ts";
import { withCredentials } from "../secret/with-credentials.ts";
import { fetchedRevision } from "./artifact-revision.ts";

/** `flux create source bucket`. @see cmd/flux/create_source_bucket.go */
export const runCreateSourceBucket = creating(async (creation) => {
  const { flags, name } = creation;
  if (flags.string("bucket-name") === "") throw new CommandError("bucket-name is required");
  if (flags.string("endpoint") === "") throw new CommandError("endpoint is required");
  const labels = labelsOf(flags);
  const object = fluxObject("Bucket", creation, labels, {
    bucketName: flags.string("bucket-name"),
    provider: given(flags, "provider"),
    insecure: flags.bool("insecure") || undefined,
    endpoint: flags.string("endpoint"),
    region: given(flags, "region"),
    interval: duration(flags, "interval"),
    ignore: lines(flags, "ignore-paths"),
    timeout: positiveDuration(flags, "fetch-timeout"),
    secretRef: referenceTo(flags, "secret-ref"),
    proxySecretRef: referenceTo(flags, "proxy-secret-ref"),
  });
  const accesskey = given(flags, "access-key");
  const secretkey = given(flags, "secret-key");
  const keys: Readonly<Record<string, string>> = accesskey === undefined || secretkey === undefined ? {} : { accesskey, secretkey };
  await createObject(creation, {
    object,
    noun: "Bucket source",
    generates: true,
    prepare: withCredentials(object, `bucket-${name}`, given(flags, "secret-ref"), () => Promise.resolve(keys), {
      applying: "applying secret with the bucket credentials",
      labels,
    }),
    conclude: fetchedRevision("Bucket source reconciliation completed", "Bucket source reconciliation but no artifact was found"),
  });
});
