// SPDX-License-Identifier: Apache-2.0
import type { Condition, KubeObject } from "@flux-ts/kube-core";
import { setCondition } from "@flux-ts/kube-core";
import type { Answer } from "../answer/answer.ts";
import { readBody } from "../codec/body.ts";
import { decodeBody } from "../codec/decode-object.ts";
import type { Plane } from "../plane.ts";
import { objectKey, storageKeyOf } from "../registry.ts";
import type { RequestContext } from "../request/context.ts";
import { writeOptions } from "../request/write-options.ts";
import type { ResourceDefinition } from "../resource.ts";
import { conflict, methodNotAllowed, notFound } from "../status-errors.ts";
import { successStatus } from "./success-status.ts";
import { requireName } from "./update.ts";
import { updateObject } from "./update-object.ts";
import type { Write } from "./write.ts";
import { resourceOf, withMetadata, withNamespace } from "./write.ts";

interface Binding extends KubeObject {
  readonly target?: { readonly name?: string };
}

/** Puts a pod on a node. @see kubernetes registry/core/pod BindingREST */
export function serveBinding(plane: Plane, pods: ResourceDefinition, request: RequestContext): Answer {
  const { info } = request;
  if (info.verb !== "create") throw methodNotAllowed();
  const bindings = plane.registry.kind("v1", "Binding") ?? pods;
  const options = writeOptions(request.query, "CreateOptions");
  const body = readBody(request, "Binding", plane.decodeProtobuf);
  const write: Write = { plane, definition: pods, request, options, subresource: "binding" };
  const binding = withNamespace(write, decodeBody(plane, bindings, request, body, options.fieldValidation)) as Binding; // decoded as one
  requireName(binding, info.name);
  const stored = plane.store.get(storageKeyOf(pods), objectKey(pods, info.namespace, info.name));
  if (!stored) throw notFound(resourceOf(pods), info.name);
  updateObject(write, stored, (pod) => {
    const spec = (pod["spec"] ?? {}) as { readonly nodeName?: string };
    const status = (pod["status"] ?? {}) as { readonly conditions?: readonly Condition[] };
    if (pod.metadata.deletionTimestamp)
      throw conflict({ group: "", name: "pods/binding" }, info.name, `pod ${info.name} is being deleted, cannot be assigned to a host`);
    if (spec.nodeName)
      throw conflict(
        { group: "", name: "pods/binding" },
        info.name,
        `pod ${info.name} is already assigned to node ${JSON.stringify(spec.nodeName)}`,
      );
    const { annotations } = binding.metadata;
    const labelled = annotations ? withMetadata(pod, { annotations: { ...pod.metadata.annotations, ...annotations } }) : pod;
    const conditions = setCondition(
      status.conditions,
      { type: "PodScheduled", status: "True", reason: "", message: "" },
      plane.clock.now(),
    );
    return {
      ...labelled,
      spec: { ...spec, nodeName: binding.target?.name ?? "" },
      status: { ...status, conditions: conditions.map(withoutEmpty) },
    };
  });
  return { status: 201, object: successStatus() };
}

/** Conditions of pods leave out what they do not say. */
function withoutEmpty(condition: Condition): object {
  return Object.fromEntries(Object.entries(condition).filter(([, value]) => value !== ""));
}
