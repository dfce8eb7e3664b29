// SPDX-License-Identifier: Apache-2.0
import type { Run } from "../../../command.ts";
import { connect } from "../../../connect.ts";
import { deadlineOf } from "../../../deadline.ts";
import { progressOn } from "../../../output/progress.ts";
import { renderManifest } from "../../export/exported-object.ts";
import type { Creation } from "../creation.ts";
import { creating } from "../creation.ts";
import type { SecretManifest } from "./apply-secret.ts";
import { applySecret } from "./apply-secret.ts";
import type { SecretContent } from "./tls-secret-content.ts";

/** What a command puts into its Secret. */
export interface SecretPlan extends SecretContent {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What differs between the commands. */
export interface SecretCommand {
  /** `git secret`: what is created. */
  readonly noun: string;
  /** @throws {CommandError} for flags that make no Secret */
  readonly content: (creation: Creation) => SecretPlan | Promise<SecretPlan>;
  /** Upstream ends the manifests of all but one command with an empty line. */
  readonly endsWithEmptyLine?: boolean;
}

/** `flux create secret <type> NAME`: prints a Secret with `--export`, or applies it. @see cmd/flux/create_secret.go */
export function createSecret({ noun, content, endsWithEmptyLine = true }: SecretCommand): Run {
  return creating(async (creation) => {
    const { name, namespace, flags, io } = creation;
    const plan = await content(creation);
    const secret = manifestOf(creation, plan);
    if (flags.bool("export")) {
      io.stdout(`${renderManifest(withoutEmptyData(secret))}${endsWithEmptyLine ? "\n" : ""}`);
      return;
    }
    const progress = progressOn(io);
    const publicKey = secret.stringData["identity.pub"];
    if (publicKey !== undefined) progress.generate(`deploy key: ${publicKey}`);
    using deadline = deadlineOf(flags, io);
    await using connection = await connect(flags, io);
    await applySecret(connection.client, secret, deadline.signal);
    progress.action(`${noun} '${name}' created in '${namespace}' namespace`);
  });
}

function manifestOf({ name, namespace }: Creation, { type, stringData, labels = {}, annotations = {} }: SecretPlan): SecretManifest {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name,
      namespace,
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    stringData,
    ...(type === undefined ? {} : { type }),
  };
}

function withoutEmptyData(secret: SecretManifest): unknown {
  const { stringData, ...rest } = secret;
  return Object.keys(stringData).length === 0 ? rest : secret;
}
