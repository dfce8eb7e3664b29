// SPDX-License-Identifier: Apache-2.0
import { CommandError } from "../../command.ts";
import type { FlagValues } from "../../flags.ts";
import { progressOn } from "../../output/progress.ts";
import { createObject } from "./create-object.ts";
import type { Creation } from "./creation.ts";
import { creating, fluxObject, given, labelsOf, referenceTo } from "./creation.ts";
import { parseKindName, parseKindNameNamespace } from "./object-reference.ts";

/** `flux create alert-provider`. @see cmd/flux/create_alertprovider.go */
export const runCreateAlertProvider = creating(async (creation) => {
  const { flags, name } = creation;
  if (flags.string("type") === "") throw new CommandError("Provider type is required");
  const labels = announced(creation, "Provider");
  const object = fluxObject("Provider", creation, labels, {
    type: flags.string("type"),
    channel: given(flags, "channel"),
    username: given(flags, "username"),
    address: given(flags, "address"),
    secretRef: referenceTo(flags, "secret-ref"),
  });
  await createObject(creation, { object, noun: "Provider", conclude: () => [`Provider ${name} is ready`] });
});

/** `flux create alert`. @see cmd/flux/create_alert.go */
export const runCreateAlert = creating(async (creation) => {
  const { flags, name } = creation;
  if (flags.string("provider-ref") === "") throw new CommandError("provider ref is required");
  const eventSources = flags.strings("event-source").map((text) => {
    const source = parseKindNameNamespace(text);
    if (source.kind === "") throw new CommandError(`invalid event source '${text}', must be in format <kind>/<name>`);
    return source;
  });
  if (eventSources.length === 0) throw new CommandError("at least one event source is required");
  const labels = announced(creation, "Alert");
  const object = fluxObject("Alert", creation, labels, {
    providerRef: { name: flags.string("provider-ref") },
    eventSeverity: given(flags, "event-severity"),
    eventSources,
  });
  await createObject(creation, { object, noun: "Alert", conclude: () => [`Alert ${name} is ready`] });
});

/** `flux create receiver`. @see cmd/flux/create_receiver.go */
export const runCreateReceiver = creating(async (creation) => {
  const { flags, name } = creation;
  if (flags.string("type") === "") throw new CommandError("Receiver type is required");
  if (flags.string("secret-ref") === "") throw new CommandError("secret ref is required");
  const resources = resourcesOf(flags);
  const labels = announced(creation, "Receiver");
  const object = fluxObject("Receiver", creation, labels, {
    type: flags.string("type"),
    events: flags.strings("event").length === 0 ? undefined : flags.strings("event"),
    resources,
    secretRef: { name: flags.string("secret-ref") },
  });
  await createObject(creation, {
    object,
    noun: "Receiver",
    conclude: ({ status }) => [`Receiver ${name} is ready`, `generated webhook URL ${status?.webhookPath ?? ""}`],
  });
});

function resourcesOf(flags: FlagValues): readonly { readonly kind: string; readonly name: string }[] {
  const resources = flags.strings("resource").map((text) => {
    const resource = parseKindName(text);
    if (resource.kind === "") throw new CommandError(`invalid event source '${text}', must be in format <kind>/<name>`);
    return resource;
  });
  if (resources.length === 0) throw new CommandError("atleast one resource is required");
  return resources;
}

/** Reads the labels, then says what is made unless it is only printed. */
function announced({ flags, io }: Creation, noun: string): Readonly<Record<string, string>> {
  const labels = labelsOf(flags);
  if (!flags.bool("export")) progressOn(io).generate(`generating ${noun}`);
  return labels;
}
