// SPDX-License-Identifier: Apache-2.0
import { printRelease } from "../src/index.ts";
import { compareManifests } from "./compare-manifests.ts";
import type { RecordedCase } from "./corpus.ts";
import { knownFailures } from "./helm-postrender.known-failures.ts";
import { type TellLevel, levelSuite } from "./rendering-suite.ts";
import { errorText, runCase } from "./run-case.ts";

/** Documents below headers of their own, as those of templates are compared. */
function asOutput(stream: string): string {
  return stream
    .split(/^---\n/m)
    .map((document, index) => `---\n# Source: ${index}\n${document}`)
    .join("");
}

function judge(helm: string, one: RecordedCase, tell: TellLevel): void {
  let given: string | undefined;
  let output: string;
  try {
    const { release, print } = runCase(helm, one, {
      kubeVersion: "v1.35.0",
      // As the command gives back the very text, and Helm takes nothing for a failure of it.
      postRenderer: (stream) => {
        given = stream;
        if (stream.trim() === "") throw new Error('post-renderer "identity" produced empty output');
        return stream;
      },
    });
    output = printRelease(release, print);
  } catch (error) {
    const message = errorText(error);
    tell("semantic", one.error === undefined ? `unexpected error: ${message}` : undefined);
    if (one.error !== undefined)
      tell("message", message === one.error ? undefined : `error reads ${JSON.stringify(message)}, expected ${JSON.stringify(one.error)}`);
    return;
  }
  if (one.error !== undefined) return tell("semantic", `rendered, but the error is expected: ${one.error}`);
  tell("semantic", compareManifests(one.output ?? "", output).semantic);
  tell("stream", compareManifests(asOutput(one.stream ?? ""), asOutput(given ?? "")).semantic);
}

/** What a post-renderer is given, and what becomes of its answer. As data: comments are not kept. */
export const suite = levelSuite("helm-postrender", "postrender", knownFailures, judge);
