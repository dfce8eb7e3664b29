// SPDX-License-Identifier: Apache-2.0
import { CommandError } from "../../../command.ts";
import type { FlagValues } from "../../../flags.ts";
import type { Io } from "../../../io.ts";
import { createObject } from "../create-object.ts";
import { creating, duration, fluxObject, given, labelsOf, positiveDuration, referenceTo } from "../creation.ts";
import type { ParsedUrl } from "../go-url.ts";
import { parseGoUrl } from "../go-url.ts";
import { helmSecretContent } from "../secret/helm-secret-content.ts";
import { readGivenFile } from "../secret/read-given-file.ts";
import { withCredentials } from "../secret/with-credentials.ts";
import { fetchedRevision } from "./artifact-revision.ts";

/** `flux create source helm`. @see cmd/flux/create_source_helm.go */
export const runCreateSourceHelm = creating(async (creation) => {
  const { flags, io, name } = creation;
  if (flags.string("url") === "") throw new CommandError("url is required");
  const labels = labelsOf(flags);
  const isOci = checkedUrl(flags).scheme === "oci";
  const passCredentials = flags.bool("pass-credentials") || undefined;
  const secretRef = referenceTo(flags, "secret-ref");
  const object = fluxObject("HelmRepository", creation, labels, {
    url: flags.string("url"),
    interval: duration(flags, "interval"),
    ...(isOci ? { type: "oci", provider: given(flags, "oci-provider") } : {}),
    timeout: positiveDuration(flags, "fetch-timeout"),
    ...(secretRef === undefined ? {} : { secretRef, passCredentials }),
  });
  await createObject(creation, {
    object,
    noun: "HelmRepository source",
    createdNoun: "source",
    generates: true,
    prepare: withCredentials(object, `helm-${name}`, given(flags, "secret-ref"), () => Promise.resolve(credentialsOf(flags, io)), {
      more: passCredentials === undefined ? {} : { passCredentials },
    }),
    conclude: isOci
      ? () => ["HelmRepository source reconciliation completed"]
      : fetchedRevision(
          "HelmRepository source reconciliation completed",
          "HelmRepository source reconciliation completed but no artifact was found",
        ),
  });
});

function checkedUrl(flags: FlagValues): ParsedUrl {
  let url: ParsedUrl;
  try {
    url = parseGoUrl(flags.string("url"));
  } catch (error) {
    throw new CommandError(`url parse failed: ${(error as Error).message}`, { cause: error });
  }
  if (!["http", "https", "oci"].includes(url.scheme)) {
    throw new CommandError(`url scheme '${url.scheme}' not supported, can be: http, https and oci`);
  }
  if (url.host === "") throw new CommandError("url host is required");
  return url;
}

function credentialsOf(flags: FlagValues, io: Io): Readonly<Record<string, string>> {
  const read = (flag: string, what: string): string => (flags.string(flag) === "" ? "" : readGivenFile(io, flags.string(flag), what));
  const hasPair = flags.string("cert-file") !== "" && flags.string("key-file") !== "";
  return helmSecretContent({
    username: flags.string("username"),
    password: flags.string("password"),
    ca: read("ca-file", "unable to read TLS CA file"),
    cert: hasPair ? read("cert-file", "failed to read cert file") : "",
    key: hasPair ? read("key-file", "failed to read key file") : "",
  }).stringData;
}
