// SPDX-License-Identifier: Apache-2.0
// Names the skipped tests and ends with one plain line, `N passed, N failed, N skipped`. With CI set, a skipped test fails the run.

// vitest loads a reporter by its default export.
// oxlint-disable-next-line import/no-default-export
export default class ClosingLineReporter {
  onTestRunEnd(modules, errors) {
    const counts = { passed: 0, failed: errors.length, skipped: 0 };
    const skipped = [];
    for (const module of modules) {
      if (module.state() === "failed" && module.errors().length > 0) counts.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") counts.passed += 1;
        else if (state === "failed") counts.failed += 1;
        else {
          counts.skipped += 1;
          skipped.push(`${module.relativeModuleId} > ${test.fullName}`);
        }
      }
    }
    if (skipped.length > 0) process.stdout.write(`\nSkipped here:\n${skipped.map((name) => `  ${name}\n`).join("")}`);
    // What the machine cannot have, as the skipped test says it: named, counted, and no failure.
    const without = process.env.CI_DOES_WITHOUT;
    const isAllowed = without !== undefined && without !== "" && skipped.every((name) => name.includes(without));
    if (process.env.CI && counts.skipped > 0 && !isAllowed) {
      process.stdout.write("CI: nothing may be skipped here.\n");
      process.exitCode = 1;
    }
    process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  }
}
