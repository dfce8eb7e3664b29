// SPDX-License-Identifier: Apache-2.0
// A table: the resources of kube-apiserver 1.36, in the order of its discovery documents.

/** One built-in resource, as far as it is a matter of facts; strategies and printers are joined in resources.ts. */
export interface ResourceRow {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Virtual ones can only be created. */
  readonly verbs: readonly string[];
  readonly status: boolean;
  readonly scale: boolean;
  readonly others: readonly string[];
  readonly hasGeneration: boolean;
  readonly createOnUpdate: boolean;
  readonly updateNeedsResourceVersion: boolean;
  readonly deleteReturnsObject: boolean;
}

const ALL_VERBS: readonly string[] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/**
 * Columns: kind, plural, short names, marks. Marks: `C` cluster-scoped, `s` status, `x` scale, `g` generation,
 * `u` PUT creates, `v` PUT needs a resourceVersion, `o` DELETE answers with the object, `n` no deletecollection,
 * `c` only create, `l` only get and list, `+name` another subresource, `@name` a category.
 */
const ROWS: Readonly<Record<string, readonly string[]>> = {
  v1: [
    "Binding bindings - c",
    "ComponentStatus componentstatuses cs C l",
    "ConfigMap configmaps cm",
    "Endpoints endpoints ep u",
    "Event events ev u",
    "LimitRange limitranges limits u",
    "Namespace namespaces ns C s o n +finalize",
    "Node nodes no C s +proxy",
    "PersistentVolumeClaim persistentvolumeclaims pvc s o",
    "PersistentVolume persistentvolumes pv C s o",
    "Pod pods po s g o +attach +binding +ephemeralcontainers +eviction +exec +log +portforward +proxy +resize @all",
    "PodTemplate podtemplates - g o",
    "ReplicationController replicationcontrollers rc s x g o @all",
    "ResourceQuota resourcequotas quota s o",
    "Secret secrets -",
    "ServiceAccount serviceaccounts sa o +token",
    "Service services svc s u o +proxy @all",
  ],
  "admissionregistration.k8s.io/v1": [
    "MutatingAdmissionPolicy mutatingadmissionpolicies - C g v @api-extensions",
    "MutatingAdmissionPolicyBinding mutatingadmissionpolicybindings - C g v @api-extensions",
    "MutatingWebhookConfiguration mutatingwebhookconfigurations - C g v @api-extensions",
    "ValidatingAdmissionPolicy validatingadmissionpolicies - C s g v @api-extensions",
    "ValidatingAdmissionPolicyBinding validatingadmissionpolicybindings - C g v @api-extensions",
    "ValidatingWebhookConfiguration validatingwebhookconfigurations - C g v @api-extensions",
  ],
  "apiextensions.k8s.io/v1": ["CustomResourceDefinition customresourcedefinitions crd,crds C s g v @api-extensions"],
  "apiregistration.k8s.io/v1": ["APIService apiservices - C s @api-extensions"],
  "apps/v1": [
    "ControllerRevision controllerrevisions -",
    "DaemonSet daemonsets ds s g @all",
    "Deployment deployments deploy s x g @all",
    "ReplicaSet replicasets rs s x g @all",
    "StatefulSet statefulsets sts s x g @all",
  ],
  "authentication.k8s.io/v1": ["SelfSubjectReview selfsubjectreviews - C c", "TokenReview tokenreviews - C c"],
  "authorization.k8s.io/v1": [
    "LocalSubjectAccessReview localsubjectaccessreviews - c",
    "SelfSubjectAccessReview selfsubjectaccessreviews - C c",
    "SelfSubjectRulesReview selfsubjectrulesreviews - C c",
    "SubjectAccessReview subjectaccessreviews - C c",
  ],
  "autoscaling/v2": ["HorizontalPodAutoscaler horizontalpodautoscalers hpa s @all"],
  "autoscaling/v1": ["HorizontalPodAutoscaler horizontalpodautoscalers hpa s @all"],
  "batch/v1": ["CronJob cronjobs cj s g @all", "Job jobs - s g @all"],
  "certificates.k8s.io/v1": ["CertificateSigningRequest certificatesigningrequests csr C s +approval"],
  "coordination.k8s.io/v1": ["Lease leases - u v"],
  "discovery.k8s.io/v1": ["EndpointSlice endpointslices - g"],
  "events.k8s.io/v1": ["Event events ev u"],
  "flowcontrol.apiserver.k8s.io/v1": ["FlowSchema flowschemas - C s g", "PriorityLevelConfiguration prioritylevelconfigurations - C s g"],
  "networking.k8s.io/v1": [
    "IngressClass ingressclasses - C g",
    "Ingress ingresses ing s g",
    "IPAddress ipaddresses ip C",
    "NetworkPolicy networkpolicies netpol g",
    "ServiceCIDR servicecidrs - C s",
  ],
  "node.k8s.io/v1": ["RuntimeClass runtimeclasses - C u v"],
  "policy/v1": ["PodDisruptionBudget poddisruptionbudgets pdb s g v"],
  "rbac.authorization.k8s.io/v1": [
    "ClusterRoleBinding clusterrolebindings - C u",
    "ClusterRole clusterroles - C u",
    "RoleBinding rolebindings - u",
    "Role roles - u",
  ],
  "resource.k8s.io/v1": [
    "DeviceClass deviceclasses - C g o",
    "ResourceClaim resourceclaims - s o",
    "ResourceClaimTemplate resourceclaimtemplates - o",
    "ResourceSlice resourceslices - C g o",
  ],
  "scheduling.k8s.io/v1": ["PriorityClass priorityclasses pc C g"],
  "storage.k8s.io/v1": [
    "CSIDriver csidrivers - C v o",
    "CSINode csinodes - C v o",
    "CSIStorageCapacity csistoragecapacities - v",
    "StorageClass storageclasses sc C o",
    "VolumeAttachment volumeattachments - C s v o",
    "VolumeAttributesClass volumeattributesclasses vac C o",
  ],
};

/** The rows of the table, read. */
export function resourceRows(): readonly ResourceRow[] {
  return Object.entries(ROWS).flatMap(([apiVersion, rows]) => rows.map((row) => readRow(apiVersion, row)));
}

function readRow(apiVersion: string, row: string): ResourceRow {
  const [kind = "", plural = "", shortNames = "-", ...marks] = row.split(" ");
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  const has = (mark: string): boolean => marks.includes(mark);
  const tagged = (sign: string): string[] => marks.filter((mark) => mark.startsWith(sign)).map((mark) => mark.slice(1));
  return {
    group,
    version,
    kind,
    plural,
    singular: kind.toLowerCase(),
    namespaced: !has("C"),
    shortNames: shortNames === "-" ? [] : shortNames.split(","),
    categories: tagged("@"),
    verbs: has("c") ? ["create"] : has("l") ? ["get", "list"] : ALL_VERBS.filter((verb) => !(has("n") && verb === "deletecollection")),
    status: has("s"),
    scale: has("x"),
    others: tagged("+"),
    hasGeneration: has("g"),
    createOnUpdate: has("u"),
    updateNeedsResourceVersion: has("v"),
    deleteReturnsObject: has("o"),
  };
}
