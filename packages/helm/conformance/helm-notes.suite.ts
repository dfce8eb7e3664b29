// SPDX-License-Identifier: Apache-2.0
import type { Suite } from "@flux-ts/testbed";
import type { RecordedCase } from "./corpus.ts";
import { knownFailures } from "./helm-notes.known-failures.ts";
import { type TellLevel, levelSuite } from "./rendering-suite.ts";
import { errorText, runCase } from "./run-case.ts";

function judge(helm: string, one: RecordedCase, expected: string, tell: TellLevel, kubeVersion?: string): void {
  try {
    const { release } = runCase(helm, one, kubeVersion === undefined ? {} : { kubeVersion });
    const isSame = release.notes.trim() === expected.trim();
    tell(
      "semantic",
      isSame ? undefined : `notes read ${JSON.stringify(release.notes.trim())}, expected ${JSON.stringify(expected.trim())}`,
    );
  } catch (error) {
    tell("semantic", `unexpected error: ${errorText(error).slice(0, 600)}`);
  }
}

const small = levelSuite("helm-notes", "notes", knownFailures, (helm, one, tell) => judge(helm, one, one.expectedNotes ?? "", tell));

/** Notes of real charts were recorded without the flags that the manifests were recorded with. */
const real = levelSuite("helm-notes", "chart", knownFailures, (helm, one, tell) => {
  if (one.notes !== undefined && one.error === undefined)
    judge(helm, { ...one, flags: (one.flags ?? []).filter((flag) => flag === "--skip-schema-validation") }, one.notes, tell, "v1.35.0");
});

/** NOTES.txt, as `helm install --dry-run=client` shows it. */
export const suite: Suite = {
  ...small,
  run: async (folder, tell, options) => {
    await small.run(folder, tell, options);
    await real.run(folder, tell, options);
  },
};
