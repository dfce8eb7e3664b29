// SPDX-License-Identifier: Apache-2.0
import { CommandError } from "../../../command.ts";
import type { FlagValues } from "../../../flags.ts";
import type { Plan } from "../create-object.ts";
import { createObject } from "../create-object.ts";
import { creating, duration, fluxObject, given, labelsOf, positiveDuration, referenceTo } from "../creation.ts";
import { repositoryProblem } from "../image-name.ts";
import { tagFilterOf } from "./tag-filter.ts";

function reconciled(object: Plan["object"]): Plan {
  return { object, noun: object.kind, generates: true, keepsEqual: true, conclude: () => [`${object.kind} reconciliation completed`] };
}

/** `flux create image repository`. @see cmd/flux/create_image_repository.go */
export const runCreateImageRepository = creating(async (creation) => {
  const { flags } = creation;
  const image = flags.string("image");
  if (image === "") throw new CommandError("an image repository (--image) is required");
  const problem = repositoryProblem(image);
  if (problem !== undefined) throw new CommandError(`unable to parse image value: ${problem}`);
  const object = fluxObject("ImageRepository", creation, labelsOf(flags), {
    image,
    interval: duration(flags, "interval"),
    timeout: positiveDuration(flags, "scan-timeout"),
    secretRef: referenceTo(flags, "secret-ref"),
    certSecretRef: referenceTo(flags, "cert-ref"),
  });
  await createObject(creation, reconciled(object));
});

/** `flux create image policy`. @see cmd/flux/create_image_policy.go */
export const runCreateImagePolicy = creating(async (creation) => {
  const { flags } = creation;
  const name = flags.string("image-ref");
  if (name === "") throw new CommandError("the name of an ImageRepository in the namespace is required (--image-ref)");
  const labels = labelsOf(flags);
  const policy = policyOf(flags);
  const filterTags = tagFilterOf(flags.string("filter-regex"), flags.string("filter-extract"));
  const digestReflectionPolicy = given(flags, "reflect-digest");
  if (digestReflectionPolicy !== undefined && !["Never", "IfNotPresent", "Always"].includes(digestReflectionPolicy)) {
    throw new CommandError("invalid value for --reflect-digest, must be one of 'Never', 'IfNotPresent', 'Always'");
  }
  const interval = positiveDuration(flags, "interval");
  if (interval !== undefined && digestReflectionPolicy !== "Always") {
    throw new CommandError("the --interval flag can only be used with the 'Always' digest reflection policy, use --reflect-digest=Always");
  }
  const spec = { imageRepositoryRef: { name }, policy, filterTags, digestReflectionPolicy, interval };
  await createObject(creation, reconciled(fluxObject("ImagePolicy", creation, labels, spec)));
});

function policyOf(flags: FlagValues): Readonly<Record<string, unknown>> {
  const [semver, alpha, numeric] = [flags.string("select-semver"), flags.string("select-alpha"), flags.string("select-numeric")];
  const chosen = [semver, alpha, numeric].filter((value) => value !== "").length;
  if (chosen > 1) throw new CommandError("only one of --select-semver, --select-alpha or --select-numeric can be specified");
  if (semver !== "") return { semver: { range: semver } };
  if (alpha !== "") return { alphabetical: { order: order(alpha, "--select-alpha") } };
  if (numeric !== "") return { numerical: { order: order(numeric, "--select-numeric") } };
  throw new CommandError("a policy must be provided with either --select-semver or --select-alpha");
}

function order(value: string, flag: string): string {
  if (value === "asc" || value === "desc") return value;
  throw new CommandError(`${flag} must be one of ["asc", "desc"]`);
}

/** `flux create image update`. @see cmd/flux/create_image_update.go */
export const runCreateImageUpdate = creating(async (creation) => {
  const { flags } = creation;
  const repository = required(flags, "git-repo-ref", "a reference to a GitRepository is required (--git-repo-ref)");
  const branch = required(flags, "checkout-branch", "the Git repository branch is required (--checkout-branch)");
  const name = required(flags, "author-name", "the author name is required (--author-name)");
  const email = required(flags, "author-email", "the author email is required (--author-email)");
  const type = given(flags, "signing-key-type");
  const signingSecret = referenceTo(flags, "signing-key-secret");
  if (type !== undefined && signingSecret === undefined) throw new CommandError("--signing-key-type requires --signing-key-secret");
  if (type !== undefined && type !== "gpg" && type !== "ssh") throw new CommandError("--signing-key-type must be one of: gpg, ssh");
  const labels = labelsOf(flags);
  const push = given(flags, "push-branch");
  const path = given(flags, "git-repo-path");
  const object = fluxObject("ImageUpdateAutomation", creation, labels, {
    sourceRef: { kind: "GitRepository", name: repository, namespace: given(flags, "git-repo-namespace") },
    git: {
      checkout: { ref: { branch } },
      commit: {
        author: { name, email },
        messageTemplate: given(flags, "commit-template"),
        signingKey: signingSecret === undefined ? undefined : { secretRef: signingSecret, type },
      },
      push: push === undefined ? undefined : { branch: push },
    },
    interval: duration(flags, "interval"),
    update: path === undefined ? undefined : { path, strategy: "Setters" },
  });
  await createObject(creation, reconciled(object));
});

function required(flags: FlagValues, name: string, missing: string): string {
  const value = flags.string(name);
  if (value === "") throw new CommandError(missing);
  return value;
}
