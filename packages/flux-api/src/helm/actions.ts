// SPDX-License-Identifier: Apache-2.0
import { array, boolean, duration, integer, object, oneOf, optional, string } from "@flux-ts/kube-core/schema";

const timeout = optional(duration({ description: "How long it may take; by default spec.timeout." }));
const crds = optional(
  oneOf(["Skip", "Create", "CreateReplace"], {
    description: "What to do with the CustomResourceDefinitions of the chart; by default Create: those that do not exist.",
  }),
);
const serverSideApply = optional(
  oneOf(["enabled", "disabled", "auto"], { description: "Whether to apply on the server; by default auto: as the release before." }),
);

/** What installing, upgrading and rolling back have in common. */
const waiting = {
  disableHooks: optional(boolean({ description: "Run no hooks." })),
  disableWait: optional(boolean({ description: "Do not wait until the objects are ready." })),
  disableWaitForJobs: optional(boolean({ description: "Do not wait until Jobs are complete." })),
} as const;

const validation = {
  disableOpenAPIValidation: optional(boolean({ description: "Do not validate objects against the schemas of the API server." })),
  disableSchemaValidation: optional(boolean({ description: "Do not validate the values against the schema of the chart." })),
  disableTakeOwnership: optional(boolean({ description: "Refuse objects that exist and belong to no release or to another one." })),
} as const;

const remediation = {
  ignoreTestFailures: optional(boolean({ description: "A failed test is no failure; by default test.ignoreFailures." })),
  retries: optional(integer({ description: "How often to try again after a failure; negative: without end. By default 0." })),
} as const;

const strategy = (description: string, rule: { readonly rule: string; readonly message: string }) =>
  object(
    {
      name: oneOf(["RemediateOnFailure", "RetryOnFailure"], {
        description: "After a failure: undo it and count it, or try again at once.",
      }),
      retryInterval: optional(duration({ description: "How soon to try again, with RetryOnFailure; by default 5m." })),
    },
    { description, rules: [rule] },
  );

export const install = object(
  {
    ...waiting,
    ...validation,
    crds,
    createNamespace: optional(boolean({ description: "Make the target namespace when it does not exist." })),
    remediation: optional(
      object(
        {
          ...remediation,
          remediateLastFailure: optional(boolean({ description: "Uninstall also after the last retry; by default not." })),
        },
        { description: "After a failed install." },
      ),
    ),
    replace: optional(boolean({ description: "Use the name of a release that was deleted but is still in the history." })),
    serverSideApply: optional(boolean({ description: "Apply on the server; by default true." })),
    skipCRDs: optional(boolean({ description: "Deprecated: use crds." })),
    strategy: optional(
      strategy("What to do after a failed install.", {
        rule: "!has(self.retryInterval) || self.name != 'RemediateOnFailure'",
        message: ".retryInterval cannot be set when .name is 'RemediateOnFailure'",
      }),
    ),
    timeout,
  },
  { description: "How to install." },
);

export const upgrade = object(
  {
    ...waiting,
    ...validation,
    chartNameChangeStrategy: optional(
      oneOf(["InPlaceUpdate", "Reinstall"], {
        description: "When the name of the chart changes: upgrade, or uninstall and install; by default Reinstall.",
      }),
    ),
    cleanupOnFail: optional(boolean({ description: "Delete what a failed upgrade made." })),
    crds,
    force: optional(boolean({ description: "Replace objects; without meaning when applying on the server." })),
    preserveValues: optional(boolean({ description: "Merge the values into those of the release before." })),
    remediation: optional(
      object(
        {
          ...remediation,
          remediateLastFailure: optional(
            boolean({ description: "Remediate also after the last retry; by default when there are retries." }),
          ),
          strategy: optional(oneOf(["rollback", "uninstall"], { description: "What to do; by default rollback." })),
        },
        { description: "After a failed upgrade." },
      ),
    ),
    serverSideApply,
    strategy: optional(
      strategy("What to do after a failed upgrade.", {
        rule: "!has(self.retryInterval) || self.name == 'RetryOnFailure'",
        message: ".retryInterval can only be set when .name is 'RetryOnFailure'",
      }),
    ),
    timeout,
  },
  { description: "How to upgrade." },
);

export const rollback = object(
  {
    ...waiting,
    cleanupOnFail: optional(boolean({ description: "Delete what a failed rollback made." })),
    force: optional(boolean({ description: "Replace objects; without meaning when applying on the server." })),
    recreate: optional(boolean({ description: "Deprecated: without meaning." })),
    serverSideApply,
    timeout,
  },
  { description: "How to roll back." },
);

export const test = object(
  {
    enable: optional(boolean({ description: "Run the tests of the chart after each install and upgrade." })),
    filters: optional(
      array(
        object(
          {
            exclude: optional(boolean({ description: "All but this test." })),
            name: string({ description: "Name of the test.", minLength: 1, maxLength: 253 }),
          },
          { description: "One test." },
        ),
        { description: "Which tests to run; by default all." },
      ),
    ),
    ignoreFailures: optional(boolean({ description: "A failed test is no failure." })),
    timeout,
  },
  { description: "How to test." },
);

export const uninstall = object(
  {
    deletionPropagation: optional(
      oneOf(["background", "foreground", "orphan"], {
        description: "What becomes of objects that depend on the deleted.",
        default: "background",
      }),
    ),
    disableHooks: optional(boolean({ description: "Run no hooks." })),
    disableWait: optional(boolean({ description: "Do not wait until the objects are gone." })),
    keepHistory: optional(boolean({ description: "Keep the history of the release." })),
    timeout,
  },
  { description: "How to uninstall." },
);
