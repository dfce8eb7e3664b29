// SPDX-License-Identifier: Apache-2.0
import { array, object, optional, string } from "@flux-ts/kube-core/schema";
import { selector } from "../references.ts";

/** An image to replace. @see fluxcd/pkg apis/kustomize Image */
export const image = object(
  {
    digest: optional(string({ description: "New digest; wins over `newTag`." })),
    name: string({ description: "Name of the image, without tag or digest." }),
    newName: optional(string({ description: "New name." })),
    newTag: optional(string({ description: "New tag." })),
  },
  { description: "An image, and what to replace of it." },
);

/** A patch and the objects it is for. @see fluxcd/pkg apis/kustomize Patch */
export const patch = object(
  {
    patch: string({ description: "A strategic merge patch, or a list of JSON patch (RFC 6902) operations, in YAML." }),
    target: optional(selector("Objects to patch.")),
  },
  { description: "A patch, and the objects it is for." },
);

/** Fields of some objects that stay as they are in the cluster. @see fluxcd/pkg apis/kustomize */
export const ignoreRule = object(
  {
    paths: array(string(), { description: "JSON pointers (RFC 6901)." }),
    target: optional(selector("Objects that the rule is for; by default all.")),
  },
  { description: "Fields to leave alone." },
);
