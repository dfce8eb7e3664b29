// SPDX-License-Identifier: Apache-2.0
import type { FieldError, Identity, JsonObject, KubeObject } from "@flux-ts/kube-core";
import { pathSegmentProblems, toTimestamp } from "@flux-ts/kube-core";
import { requireNoEscalation } from "../access/escalation.ts";
import { admitCreate, validateCreateAdmission } from "../admission/admission.ts";
import { requireLivingNamespace } from "../admission/namespace-lifecycle.ts";
import { newName, newUid } from "../plane.ts";
import { objectKey, storageKeyOf } from "../registry.ts";
import { warn } from "../request/context.ts";
import { alreadyExists, conflict, failure, invalid, plainError } from "../status-errors.ts";
import { checksFinalizers, finalizerWarnings, validateObjectMeta, withoutRepeatedOwners } from "../validation/object-meta.ts";
import type { Write } from "./write.ts";
import { kindOf, resourceOf, withMetadata } from "./write.ts";

/** How often a generated name is tried anew when it is taken. */
const NAME_ATTEMPTS = 8;

/**
 * Stores a new object: decoded, defaulted and with its managed fields in place.
 * @returns it as stored, in the version of the request; for a dry run without resourceVersion
 * @throws {ApiError} 403 and 404 for its namespace, 409, 422
 * @see apiserver registry/rest BeforeCreate
 */
export function createObject(write: Write, wanted: KubeObject): KubeObject {
  const { plane, definition } = write;
  const given = withoutRepeatedOwners(wanted, write.request.method === "PATCH", (text) => warn(write.request, text));
  const namespace = definition.namespaced ? (given.metadata.namespace ?? "") : "";
  requireLivingNamespace(plane, definition, namespace, given.metadata.name ?? "");
  if (given.metadata.generateName && !given.metadata.name) {
    for (let attempt = 1; ; attempt++) {
      const name = newName(given.metadata.generateName, plane.random);
      const isTaken = plane.store.get(storageKeyOf(definition), objectKey(definition, namespace, name)) !== undefined;
      if (!isTaken) return createNamed(write, withMetadata(given, { name }), namespace);
      if (attempt === NAME_ATTEMPTS) {
        throw failure(
          409,
          "AlreadyExists",
          `${resourceOf(definition).name} ${JSON.stringify(name)} already exists, the server was not able to generate a unique name for the object`,
          {
            name,
            kind: definition.plural,
            ...(definition.group === "" ? {} : { group: definition.group }),
          },
        );
      }
    }
  }
  return createNamed(write, given, namespace);
}

function createNamed(write: Write, given: KubeObject, namespace: string): KubeObject {
  const { plane, definition, request, options } = write;
  const { strategy } = definition;
  const fresh = withMetadata(admitCreate(plane, definition, given), {
    namespace: definition.namespaced ? namespace : given.metadata.namespace,
    uid: newUid(plane.random),
    creationTimestamp: toTimestamp(plane.clock.now()),
    deletionTimestamp: undefined,
    deletionGracePeriodSeconds: undefined,
    selfLink: undefined,
    ...(definition.hasGeneration ? { generation: 1 } : {}),
  });
  const requested = withRequester(fresh, request.identity);
  const prepared = strategy.prepareCreate?.(requested, plane.strategyContext(), given) ?? requested;
  const { name = "" } = prepared.metadata;
  const metadataErrors = validateObjectMeta(prepared.metadata, {
    namespaced: definition.namespaced,
    checksFinalizers: checksFinalizers(definition) && strategy.leavesMetadata !== true,
    // Its metadata is checked by declarative rules, which leave that out.
    checksGenerateName: !(definition.kind === "ReplicationController" && definition.group === ""),
    nameProblems: strategy.leavesMetadata ? pathSegmentProblems : strategy.nameProblems,
  });
  const found = definition.custom?.validateCreate(prepared, metadataErrors);
  for (const text of found?.warnings ?? []) warn(request, text);
  const own = (): readonly FieldError[] => strategy.validate?.(prepared) ?? [];
  const errors = found?.errors ?? (strategy.leavesMetadata ? firstOf(own(), metadataErrors) : [...metadataErrors, ...own()]);
  if (errors.length > 0) throw invalid(kindOf(definition), name, errors);
  for (const text of [
    ...(strategy.warnings?.(prepared, undefined) ?? []),
    ...(definition.isCustom ? finalizerWarnings(prepared.metadata) : []),
  ])
    warn(request, text);

  const key = objectKey(definition, namespace, name);
  const resource = storageKeyOf(definition);
  validateCreateAdmission(write, prepared);
  requireNoEscalation(plane.authorizer, request.identity, definition, prepared);
  const { resourceVersion } = prepared.metadata;
  // What is no number is nothing.
  if (/^0*[1-9]\d*$/.test(resourceVersion ?? "")) throw plainError("resourceVersion should not be set on objects to be created");
  const existing = plane.store.get(resource, key);
  if (existing) {
    const error = alreadyExists(resourceOf(definition), name);
    if (!existing.metadata.deletionTimestamp) throw error;
    throw failure(409, "AlreadyExists", `object is being deleted: ${error.message}`, error.status.details);
  }
  const stored = plane.views.toStorage(definition, withMetadata(prepared, { resourceVersion: undefined }));
  if (options.isDryRun) return plane.views.of(definition, stored);
  return plane.views.of(definition, plane.store.put(resource, key, stored));
}

/** The later errors are told only where there are no earlier ones. */
function firstOf(earlier: readonly FieldError[], later: readonly FieldError[]): readonly FieldError[] {
  return earlier.length > 0 ? earlier : later;
}

/** A request for a certificate says who made it, whatever it said of that. */
function withRequester(object: KubeObject, { user, uid, groups, extra }: Identity): KubeObject {
  if (object.kind !== "CertificateSigningRequest" || !object.apiVersion.startsWith("certificates.k8s.io/")) return object;
  const { username: _username, uid: _uid, groups: _groups, extra: _extra, ...spec } = object["spec"] as JsonObject; // decoded: an object
  return {
    ...object,
    spec: {
      ...spec,
      username: user,
      ...(uid ? { uid } : {}),
      ...(groups && groups.length > 0 ? { groups } : {}),
      ...(extra && Object.keys(extra).length > 0 ? { extra } : {}),
    },
  };
}

/** For a create by update or apply that names a uid. */
export function requireNoUid(write: Write, object: KubeObject): void {
  const { uid, name = "" } = object.metadata;
  if (uid)
    throw conflict(
      resourceOf(write.definition),
      name,
      `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
    );
}
