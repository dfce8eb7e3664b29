// SPDX-License-Identifier: Apache-2.0
import { CommandError } from "../../../command.ts";
import { progressOn } from "../../../output/progress.ts";
import { chartSourceKinds } from "../choices.ts";
import { createObject } from "../create-object.ts";
import { creating, duration, fluxObject, given, labelsOf } from "../creation.ts";
import { parseKindName, supportedKind } from "../object-reference.ts";
import { fetchedRevision } from "./artifact-revision.ts";
import { verificationOf } from "./verification.ts";

/** `flux create source chart`. @see cmd/flux/create_source_chart.go */
export const runCreateSourceChart = creating(async (creation) => {
  const { flags, io } = creation;
  const source = parseKindName(flags.string("source"));
  if (source.kind === "" || source.name === "") throw new CommandError("chart source is required");
  if (flags.string("chart") === "") throw new CommandError("chart name or path is required");
  // Upstream says so even when it only prints the object.
  progressOn(io).generate("generating HelmChart source");
  const object = fluxObject("HelmChart", creation, labelsOf(flags), {
    chart: flags.string("chart"),
    version: given(flags, "chart-version"),
    interval: duration(flags, "interval"),
    reconcileStrategy: given(flags, "reconcile-strategy"),
    sourceRef: { kind: supportedKind(source.kind, chartSourceKinds), name: source.name },
    verify: verificationOf(flags),
  });
  await createObject(creation, {
    object,
    noun: "HelmChart source",
    createdNoun: "source",
    conclude: fetchedRevision(
      "HelmChart source reconciliation completed",
      "HelmChart source reconciliation completed but no artifact was found",
    ),
  });
});
