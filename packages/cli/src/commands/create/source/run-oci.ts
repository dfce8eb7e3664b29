// SPDX-License-Identifier: Apache-2.0
import { CommandError } from "../../../command.ts";
import { createObject } from "../create-object.ts";
import { creating, duration, fluxObject, given, labelsOf, lines, positiveDuration, referenceTo } from "../creation.ts";
import { fetchedRevision } from "./artifact-revision.ts";
import { verificationOf } from "./verification.ts";

/** `flux create source oci`. @see cmd/flux/create_source_oci.go */
export const runCreateSourceOci = creating(async (creation) => {
  const { flags } = creation;
  if (flags.string("url") === "") throw new CommandError("url is required");
  if (["tag", "tag-semver", "digest"].every((name) => flags.string(name) === "")) {
    throw new CommandError("--tag, --tag-semver or --digest is required");
  }
  const layerSelector = parseLayerSelector(flags.string("layer-selector"));
  const object = fluxObject("OCIRepository", creation, labelsOf(flags), {
    provider: given(flags, "provider"),
    url: flags.string("url"),
    insecure: flags.bool("insecure") || undefined,
    interval: duration(flags, "interval"),
    ref: { digest: given(flags, "digest"), semver: given(flags, "tag-semver"), tag: given(flags, "tag") },
    ignore: lines(flags, "ignore-paths"),
    layerSelector,
    timeout: positiveDuration(flags, "fetch-timeout"),
    serviceAccountName: given(flags, "service-account"),
    secretRef: referenceTo(flags, "secret-ref"),
    proxySecretRef: referenceTo(flags, "proxy-secret-ref"),
    certSecretRef: referenceTo(flags, "cert-ref"),
    verify: verificationOf(flags),
  });
  await createObject(creation, {
    object,
    noun: "OCIRepository",
    conclude: fetchedRevision("OCIRepository reconciliation completed", "no artifact was found"),
  });
});

/** `<media type>:<operation>`; a media type has no colon. */
function parseLayerSelector(text: string): { readonly mediaType: string; readonly operation: string } | undefined {
  if (text === "") return undefined;
  const quoted = JSON.stringify(text);
  const colon = text.indexOf(":");
  const mediaType = text.slice(0, Math.max(colon, 0));
  const operation = text.slice(colon + 1);
  if (colon < 0 || mediaType === "" || operation === "") {
    throw new CommandError(`invalid --layer-selector ${quoted}: must be in the format '<media-type>:<operation>'`);
  }
  if (operation !== "extract" && operation !== "copy") {
    throw new CommandError(`invalid --layer-selector ${quoted}: operation must be "extract" or "copy"`);
  }
  return { mediaType, operation };
}
