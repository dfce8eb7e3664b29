// SPDX-License-Identifier: Apache-2.0
import { array, described, mapOf, object, oneOf, optional, string } from "@flux-ts/kube-core/schema";

/** `{ name }`: an object of a known kind in the same namespace. @see fluxcd/pkg apis/meta LocalObjectReference */
export const localReference = (description: string) => object({ name: string({ description: "Name of the object." }) }, { description });

/** `{ name, namespace }`. @see fluxcd/pkg apis/meta NamespacedObjectReference */
export const namespacedReference = (description: string) =>
  object(
    {
      name: string({ description: "Name of the object." }),
      namespace: optional(string({ description: "Namespace of the object; by default that of the object that refers to it." })),
    },
    { description },
  );

/** An object of any kind. @see fluxcd/pkg apis/meta NamespacedObjectKindReference */
export const objectReference = object(
  {
    apiVersion: optional(string({ description: "API version of the object; by default the one that the cluster prefers." })),
    kind: string({ description: "Kind of the object." }),
    name: string({ description: "Name of the object." }),
    namespace: optional(string({ description: "Namespace of the object; by default that of the object that refers to it." })),
  },
  { description: "Names one object of any kind." },
);

/** Which objects of a build are meant. Every field given must match. @see fluxcd/pkg apis/kustomize Selector */
const selectorFields = object({
  annotationSelector: optional(string({ description: "A label selector, matched against annotations." })),
  group: optional(string({ description: "API group." })),
  kind: optional(string({ description: "Kind." })),
  labelSelector: optional(string({ description: "A label selector, matched against labels." })),
  name: optional(string({ description: "Name: a regular expression that must match as a whole." })),
  namespace: optional(string({ description: "Namespace: a regular expression that must match as a whole." })),
  version: optional(string({ description: "API version, without the group." })),
});

export const selector = (description: string) => described(selectorFields, description);

/** A kubeconfig, or what makes one. @see fluxcd/pkg apis/meta KubeConfigReference */
export const kubeConfigReference = (description: string) =>
  object(
    {
      configMapRef: optional(
        localReference(
          "A ConfigMap with `provider` (aws, azure, gcp or generic), `cluster`, `address`, `ca.crt`, `audiences` and `serviceAccountName`, from which short-lived credentials are made.",
        ),
      ),
      secretRef: optional(
        object(
          {
            key: optional(string({ description: "Key of the kubeconfig in the Secret; by default `value`, then `value.yaml`." })),
            name: string({ description: "Name of the Secret." }),
          },
          { description: "A Secret that holds a kubeconfig, complete in itself." },
        ),
      ),
    },
    {
      description,
      rules: [
        {
          rule: "has(self.configMapRef) || has(self.secretRef)",
          message: "exactly one of spec.kubeConfig.configMapRef or spec.kubeConfig.secretRef must be specified",
        },
        {
          rule: "!has(self.configMapRef) || !has(self.secretRef)",
          message: "exactly one of spec.kubeConfig.configMapRef or spec.kubeConfig.secretRef must be specified",
        },
      ],
    },
  );

/** From which namespaces an object may be referred to. @see fluxcd/pkg apis/acl AccessFrom */
export const accessFrom = (description: string) =>
  object(
    {
      namespaceSelectors: array(
        object(
          { matchLabels: optional(mapOf(string(), { description: "Labels of the namespace; none: every namespace." })) },
          { description: "Namespaces by their labels." },
        ),
        { description: "A namespace that one of these selects may refer to the object." },
      ),
    },
    { description },
  );

/** Labels and annotations for objects that are made. @see fluxcd/pkg apis/kustomize CommonMetadata */
export const commonMetadata = (description: string) =>
  object(
    {
      annotations: optional(mapOf(string(), { description: "Annotations of every object." })),
      labels: optional(mapOf(string(), { description: "Labels of every object, not of selectors or templates." })),
    },
    { description },
  );

/** Objects by their names, or by their labels. @see notification-controller api/v1 CrossNamespaceObjectReference */
export const eventSourceFields = {
  apiVersion: optional(string({ description: "API version of the objects." })),
  kind: oneOf(
    [
      "Bucket",
      "GitRepository",
      "Kustomization",
      "HelmRelease",
      "HelmChart",
      "HelmRepository",
      "ImageRepository",
      "ImagePolicy",
      "ImageUpdateAutomation",
      "OCIRepository",
      "ArtifactGenerator",
      "ExternalArtifact",
    ],
    { description: "Kind of the objects." },
  ),
  matchLabels: optional(mapOf(string(), { description: "Labels that the objects must have; with the name `*`." })),
  name: string({ description: "Name of the object, or `*` for every one.", minLength: 1, maxLength: 253 }),
  namespace: optional(
    string({
      description: "Namespace of the objects; by default that of the object that refers to them.",
      minLength: 1,
      maxLength: 253,
    }),
  ),
} as const;

/** Labels that objects must have. @see apimachinery meta/v1 LabelSelector */
export const labelSelector = (description: string) => ({
  ...object(
    {
      matchExpressions: optional(
        atomic(
          array(
            object(
              {
                key: string({ description: "The label." }),
                operator: string({ description: "`In`, `NotIn`, `Exists` or `DoesNotExist`." }),
                values: optional(atomic(array(string(), { description: "The values; for In and NotIn." }))),
              },
              { description: "One condition on a label." },
            ),
            { description: "Conditions on labels; all must hold." },
          ),
        ),
      ),
      matchLabels: optional(mapOf(string(), { description: "Labels with these values." })),
    },
    { description },
  ),
  "x-kubernetes-map-type": "atomic" as const,
});

/** A list that server-side apply replaces as a whole, said in so many words. */
function atomic<S extends object>(schema: S): S {
  return { ...schema, "x-kubernetes-list-type": "atomic" };
}
