// SPDX-License-Identifier: Apache-2.0
import type { Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import { connect } from "../../connect.ts";
import { deadlineOf } from "../../deadline.ts";
import { checkBuildFlags } from "../../kustomization/build-flags.ts";
import { paintFor } from "../../dyff/paint.ts";
import { diffKustomization } from "../../kustomization/diff-kustomization.ts";

/** `flux diff kustomization NAME`. @see cmd/flux/diff_kustomization.go */
export const runDiffKustomization: Run = async ({ args, flags, io }) => {
  const name = args[0];
  if (name === undefined) throw new CommandError("kustomization name is required");
  const { path, file, settings } = await checkBuildFlags(flags, io, 2);
  const ignoresNotFound = flags.bool("ignore-not-found");
  if (ignoresNotFound && file === undefined) {
    throw new CommandError("kustomization file is required when assuming new kustomizations", { exitCode: 2 });
  }
  using deadline = deadlineOf(flags, io);
  await using connection = await connect(flags, io);
  const { client, namespace } = connection;
  const columns = io.terminal.isTty ? io.terminal.columns : 80;
  const paint = paintFor(io.terminal.isTty, io.env);
  const request = { name, namespace, path, file, fileName: flags.string("kustomization-file"), ignoresNotFound };
  const { text, hasChanged, problem } = await diffKustomization(request, {
    ...settings,
    client,
    signal: deadline.signal,
    columns,
    paint,
  }).catch((error: unknown) => {
    throw new CommandError((error as Error).message, { exitCode: 2, cause: error });
  });
  io.stdout(text);
  if (problem !== undefined) throw new CommandError(problem, { exitCode: 2 });
  if (hasChanged) throw new CommandError("identified at least one change, exiting with non-zero exit code", { isWarning: true });
};
