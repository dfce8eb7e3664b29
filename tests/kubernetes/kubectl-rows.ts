// SPDX-License-Identifier: Apache-2.0
// A table: kubectl's commands over one namespace, in the order in which they run.

/** Words after `kubectl -n shop`, the exit code (0 when it is left out), and what one of its streams holds. */
export type Row = readonly [command: string, printed: RegExp, code?: number];

/** Files that the commands name, by name. */
export const FILES: Readonly<Record<string, string>> = {
  "one.json": deployment("nginx:1.25"),
  "two.json": deployment("nginx:1.26"),
  "set.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: kept, labels: {set: a}}
data: {x: "1"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: dropped, labels: {set: a}}
data: {x: "1"}
`,
  "set-less.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: kept, labels: {set: a}}
data: {x: "2"}
`,
  "broken.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: broken}\ndata: {x: 1}\nspec: {}\n",
  "unknown.yaml": "apiVersion: nowhere.example.com/v1\nkind: Nothing\nmetadata: {name: x}\n",
  "stateful.yaml": `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  replicas: 2
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: "db:1"}]}
`,
  "daemon.yaml": `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {containers: [{name: agent, image: "agent:1"}]}
`,
  "crd.yaml": `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.shop.example.com}
spec:
  group: shop.example.com
  names: {kind: Widget, plural: widgets, singular: widget, shortNames: [wd], categories: [all]}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}, scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}}
    additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.replicas, description: How many.}]
    schema:
      openAPIV3Schema:
        type: object
        description: A widget.
        properties:
          spec: {type: object, description: What is wanted., required: [replicas], properties: {replicas: {type: integer, minimum: 0, description: How many.}}}
          status: {type: object, properties: {replicas: {type: integer}}}
`,
  "widget.yaml": "apiVersion: shop.example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: {replicas: 1}\n",
  "bad-widget.yaml": "apiVersion: shop.example.com/v1\nkind: Widget\nmetadata: {name: bad}\nspec: {replicas: -1}\n",
  "claim.yaml":
    "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: disk}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n",
};

function deployment(image: string): string {
  return JSON.stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", labels: { app: "web" } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image }] } },
    },
  });
}

const made: readonly Row[] = [
  ["create -f one.json", /^deployment.apps\/web created/],
  ["rollout status deploy/web", /deployment "web" successfully rolled out/],
  ["get deploy", /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +2\/2 +2 +2 /],
  ["get deploy -o wide", /CONTAINERS +IMAGES +SELECTOR\nweb .* nginx:1\.25 +app=web/],
  ["get deploy,rs,pods", /deployment.apps\/web +2\/2[^]*replicaset.apps\/web-\S+ +2 +2 +2[^]*(pod\/web-\S+ +1\/1 +Running[^]*){2}/],
  ["get all", /pod\/web-[^]*deployment.apps\/web[^]*replicaset.apps\/web-/],
  ["get pods -o wide", /IP +NODE +NOMINATED NODE +READINESS GATES\nweb-\S+ +1\/1 +Running +0 +\S+ +10\.\S+ +node-\d/],
  ["get pods --show-labels", /LABELS\nweb-\S+ .*app=web,pod-template-hash=/],
  ["get pods -L app", /APP\nweb-\S+ .* web$/m],
  ["create configmap map --from-literal=x=1", /configmap\/map created/],
  ["create secret generic secret --from-literal=p=q", /secret\/secret created/],
  ["create secret docker-registry pull --docker-server=r.example --docker-username=u --docker-password=p", /secret\/pull created/],
  ["create serviceaccount robot", /serviceaccount\/robot created/],
  ["create token robot", /^[\w-]+\.[\w-]+\.[\w-]+$/],
  ["create role reader --verb=get --resource=pods", /role.*\/reader created/],
  ["create rolebinding reads --role=reader --serviceaccount=shop:robot", /rolebinding.*\/reads created/],
  ["create clusterrole shop-viewer --verb=get,list --resource=nodes", /clusterrole.*\/shop-viewer created/],
  ["create clusterrolebinding shop-views --clusterrole=shop-viewer --user=jane", /clusterrolebinding.*\/shop-views created/],
  ["create job once --image=busybox -- true", /job.batch\/once created/],
  ["create cronjob often --image=busybox --schedule=@hourly -- true", /cronjob.batch\/often created/],
  ["create job by-hand --from=cronjob/often", /job.batch\/by-hand created/],
  ["create quota few --hard=pods=20", /resourcequota\/few created/],
  ["create pdb keep --selector=app=web --min-available=1", /poddisruptionbudget.policy\/keep created/],
  ["create ingress way --rule=a.example/*=web:80", /ingress.*\/way created/],
  ["create service clusterip other --tcp=80", /service\/other created/],
  ["create service externalname far --external-name=far.example", /service\/far created/],
  ["create priorityclass shop-high --value=1000 --description=high", /priorityclass.*\/shop-high created/],
  ["run solo --image=nginx", /pod\/solo created/],
  ["run dry --image=nginx --dry-run=server -o yaml", /kind: Pod[^]*uid:/],
  ["create deployment dry --image=nginx --dry-run=client -o yaml", /kind: Deployment/],
  ["expose deploy web --port=80", /service\/web exposed/],
  ["expose deploy web --port=80", /Error from server \(AlreadyExists\): services "web" already exists/, 1],
  ["autoscale deploy web --min=1 --max=3", /horizontalpodautoscaler.autoscaling\/web autoscaled/],
  ["delete hpa web", /horizontalpodautoscaler.autoscaling "web" deleted/],
  ["wait job/once --for=condition=Complete --timeout=20s", /job.batch\/once condition met/],
  ["wait pod/solo --for=condition=Ready --timeout=20s", /pod\/solo condition met/],
  [
    "apply -f stateful.yaml -f daemon.yaml -f claim.yaml",
    /statefulset.apps\/db created\ndaemonset.apps\/agent created\npersistentvolumeclaim\/disk created/,
  ],
  [
    "rollout status statefulset/db --timeout=30s",
    /statefulset rolling update complete 2 pods|partitioned roll out complete|2 pods at revision/,
  ],
  ["rollout status daemonset/agent --timeout=30s", /daemon set "agent" successfully rolled out/],
  ["get sts,ds,pvc", /statefulset.apps\/db +2\/2[^]*daemonset.apps\/agent[^]*persistentvolumeclaim\/disk +Pending/],
  ["get jobs,cronjobs", /job.batch\/by-hand[^]*job.batch\/once +Complete +1\/1[^]*cronjob.batch\/often +@hourly/],
  ["get svc,ep,endpointslices", /service\/far +ExternalName[^]*endpointslice/],
  [
    "get quota,limits,pdb,ingress,netpol,role,rolebinding,sa,cm,secret",
    /resourcequota\/few[^]*poddisruptionbudget.policy\/keep +1[^]*ingress.networking.k8s.io\/way/,
  ],
];

const changed: readonly Row[] = [
  ["apply -f one.json", /^deployment.apps\/web configured/],
  ["apply -f one.json", /^deployment.apps\/web unchanged/],
  ["diff -f one.json", /^$/],
  ["diff -f two.json", /^-.*nginx:1\.25\n\+.*nginx:1\.26$/m, 1],
  ["diff --server-side -f two.json", /conflict with "kubectl-client-side-apply"|\+.*nginx:1\.26/, 1],
  ["apply -f two.json", /deployment.apps\/web configured/],
  ["rollout status deploy/web", /successfully rolled out/],
  ["apply view-last-applied deploy/web -o json", /"image": "nginx:1.26"/],
  ["apply --server-side -f two.json", /deployment.apps\/web serverside-applied/],
  [
    "apply --server-side --field-manager=other -f one.json",
    /conflict with "kubectl[^]*\.spec\.template\.spec\.containers\[name="web"\]\.image/,
    1,
  ],
  ["apply --server-side --field-manager=other --force-conflicts -f one.json", /serverside-applied/],
  ["rollout status deploy/web", /successfully rolled out/],
  ["rollout history deploy/web", /REVISION +CHANGE-CAUSE\n2 +<none>\n3 +<none>/],
  ["rollout history deploy/web --revision=2", /Image:\s+nginx:1\.26/],
  ["rollout undo deploy/web", /deployment.apps\/web rolled back/],
  ["get deploy web -o jsonpath={.spec.template.spec.containers[0].image}", /^nginx:1\.26$/],
  ["rollout undo deploy/web --to-revision=99", /unable to find specified revision 99 in history/, 1],
  ["rollout restart deploy/web", /deployment.apps\/web restarted/],
  ["rollout status deploy/web", /successfully rolled out/],
  ["rollout pause deploy/web", /deployment.apps\/web paused/],
  ["rollout pause deploy/web", /already paused/, 1],
  ["rollout resume deploy/web", /deployment.apps\/web resumed/],
  ["rollout restart statefulset/db", /statefulset.apps\/db restarted/],
  ["rollout status statefulset/db --timeout=30s", /statefulset rolling update complete|roll out complete/],
  ["rollout history statefulset/db", /REVISION +CHANGE-CAUSE\n1 +<none>\n2 +<none>/],
  ["rollout undo statefulset/db", /statefulset.apps\/db rolled back/],
  ["rollout history daemonset/agent --revision=1", /Image:\s+agent:1/],
  ["set image deploy/web web=nginx:1.27", /deployment.apps\/web image updated/],
  ["set env deploy/web A=b", /deployment.apps\/web env updated/],
  ["set resources deploy/web --limits=cpu=100m", /deployment.apps\/web resource requirements updated/],
  ["set serviceaccount deploy/web robot", /deployment.apps\/web serviceaccount updated/],
  ["set selector svc/other app=other", /service\/other selector updated/],
  ["rollout status deploy/web --timeout=30s", /successfully rolled out/],
  ["scale deploy web --replicas=3", /deployment.apps\/web scaled/],
  ["scale deploy web --current-replicas=3 --replicas=1", /deployment.apps\/web scaled/],
  ["scale deploy web --current-replicas=3 --replicas=1", /expected replicas to be 3, was 1/i, 1],
  ["scale statefulset db --replicas=1", /statefulset.apps\/db scaled/],
  ["label deploy web tier=front", /deployment.apps\/web labeled/],
  ["label deploy web tier=back", /'tier' already has a value \(front\), and --overwrite is false/, 1],
  ["label deploy web tier-", /deployment.apps\/web unlabeled/],
  ["annotate deploy web a=b", /deployment.apps\/web annotated/],
  ["label deploy web bad/key/x=1", /Invalid value|invalid label/i, 1],
  ['patch deploy web -p {"spec":{"replicas":2}}', /deployment.apps\/web patched/],
  ['patch deploy web --type=json -p [{"op":"replace","path":"/spec/replicas","value":1}]', /deployment.apps\/web patched/],
  ['patch deploy web --type=merge -p {"spec":{"replicas":2}}', /deployment.apps\/web patched/],
  ['patch deploy web --type=merge -p {"spec":{"replicas":2}}', /deployment.apps\/web patched \(no change\)/],
  ['patch deploy web --subresource=status --type=merge -p {"status":{"replicas":2}}', /deployment.apps\/web patched/],
  ['patch deploy web -p {"spec":{"selector":{"matchLabels":{"x":"y"}}}}', /field is immutable/, 1],
  ['patch deploy web -p {"spec":{"replicas":"many"}}', /Invalid value: "map\[spec:map\[replicas:many\]\]": unrecognized type: int32/, 1],
  ["edit configmap map", /configmap\/map edited/],
  ["wait configmap/map --for=jsonpath={.data.x}=2 --timeout=5s", /configmap\/map condition met/],
  ["replace -f one.json", /deployment.apps\/web replaced/],
  ["wait deploy/web --for=condition=Available --timeout=20s", /deployment.apps\/web condition met/],
  ["apply -f set.yaml", /configmap\/kept created\nconfigmap\/dropped created/],
  ["apply -f set-less.yaml --prune -l set=a", /configmap\/kept configured\nconfigmap\/dropped pruned/],
  ["create -f broken.yaml", /unknown field "spec"|cannot unmarshal number/, 1],
  ["apply -f unknown.yaml", /no matches for kind "Nothing" in version "nowhere.example.com\/v1"/, 1],
  ["apply -f crd.yaml", /customresourcedefinition.*\/widgets.shop.example.com created/],
  ["wait crd/widgets.shop.example.com --for=condition=Established --timeout=20s", /condition met/],
  ["apply -f widget.yaml", /widget.shop.example.com\/w created/],
  ["apply -f bad-widget.yaml", /spec.replicas: Invalid value: -1: spec.replicas in body should be greater than or equal to 0/, 1],
  ["get wd", /^NAME +SIZE\nw +1/],
  ["scale widget w --replicas=4", /widget.shop.example.com\/w scaled/],
  ['patch widget w --type=merge -p {"spec":{"replicas":5}}', /widget.shop.example.com\/w patched/],
  ["explain widget.spec", /DESCRIPTION:\n +What is wanted\.[^]*replicas\t<integer> -required-/],
];

const seen: readonly Row[] = [
  ["describe deploy web", /^Name: +web\nNamespace: +shop\n[^]*Image: +nginx:1\.25[^]*Events:\n/],
  ["describe pod solo", /Node: +node-\d[^]*Status: +Running/],
  ["describe configmap map", /Data\n====\nx:\n----\n2/],
  ["describe secret secret", /p: +1 bytes/],
  ["describe sa robot", /Name: +robot/],
  ["describe role reader", /pods +\[\] +\[\] +\[get\]/],
  ["describe job once", /Completions: +1[^]*Pods Statuses: +0 Active .* \/ 1 Succeeded/],
  ["describe cronjob often", /Schedule: +@hourly/],
  ["describe statefulset db", /Replicas: +1 desired/],
  ["describe ds agent", /Desired Number of Nodes Scheduled: 2/],
  ["describe pvc disk", /Status: +Pending/],
  ["describe pdb keep", /Min available: +1/],
  ["describe ingress way", /a\.example/],
  ["describe widget w", /Replicas: +5/],
  ["describe namespace shop", /Resource Quotas\n\s+Name: +few/],
  ["describe node node-1", /Conditions:[^]*Ready +True[^]*Capacity:/],
  ["describe service web", /Endpoints: +10\.\d+\.\d+\.\d+:80/],
  ["explain deployment.spec.replicas", /FIELD: replicas <integer>/],
  ["explain pod.spec.containers --recursive", /image\t<string>/],
  ["api-resources", /deployments +deploy +apps\/v1 +true +Deployment/],
  ["api-resources --namespaced=false -o name", /^nodes$/m],
  ["api-resources --api-group=apps -o wide", /deployments +deploy +apps\/v1 +true +Deployment +create,delete/],
  ["api-versions", /^apps\/v1$/m],
  ["auth can-i create pods", /^yes$/m],
  ["auth can-i create pods --as=jane", /^no$/m, 1],
  ["auth can-i list nodes --as=jane", /^yes$/m],
  ["auth can-i get pods --as=system:serviceaccount:shop:robot", /^yes$/m],
  ["auth can-i get pods --subresource=log --as=system:serviceaccount:shop:robot", /^no$/m, 1],
  ["auth can-i --list", /\*\.\* +\[\] +\[\] +\[\*\]/],
  ["auth can-i --list --as=system:serviceaccount:shop:robot", /pods +\[\] +\[\] +\[get\]/],
  ["auth whoami", /Username +admin\n/],
  ["auth whoami --as=jane --as-group=devs", /Username +jane\nGroups +\[devs system:authenticated\]/],
  ["get pods --as=jane", /pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "shop"/, 1],
  ["get pods --field-selector=status.phase=Running -l app=web -o name", /^pod\/web-/],
  ["get pods --field-selector=spec.bogus=1", /field label not supported: spec.bogus/, 1],
  ["get pods -l app=web,", /unable to parse|found ''|Unable to find/i, 1],
  ["get pods --sort-by=.metadata.name", /^NAME +READY/],
  ["get pods -A --chunk-size=1", /NAMESPACE +NAME/],
  ["events", /Normal +ScalingReplicaSet +Deployment\/web/],
  ["events --for=job/once", /SuccessfulCreate +Job\/once/],
  ["get events --field-selector=involvedObject.kind=Job", /SuccessfulCreate +job\/once/],
  ["get configmap map -o jsonpath={.data.x}", /^2$/],
  ["get configmap map -o yaml", /kind: ConfigMap/],
  ["get configmap map -o yaml --show-managed-fields", /manager: kubectl-create/],
  ["get deploy -o custom-columns=N:.metadata.name", /^N\nweb\n$/],
  ["get deploy web -o go-template={{.metadata.name}}", /^web$/],
  ["get deploy web --subresource=scale -o jsonpath={.spec.replicas}", /^2$/],
  ["get nodes", /node-1 +Ready/],
  ["get ns shop", /shop +Active/],
  ["cordon node-1", /node\/node-1 cordoned/],
  ["drain node-1 --ignore-daemonsets --force --timeout=20s", /node\/node-1 drained|evicted/],
  ["uncordon node-1", /node\/node-1 uncordoned/],
  ["taint node node-1 a=b:NoSchedule", /node\/node-1 tainted/],
  ["taint node node-1 a-", /node\/node-1 untainted/],
  ["version", /Server Version: v1\.36/],
  ["cluster-info", /is running at https:\/\/127\.0\.0\.1:\d+/],
  ["get --raw /readyz", /^ok$/],
  ["get --raw /api/v1/namespaces/shop/configmaps/map", /"kind":"ConfigMap"/],
  ["get --raw /nowhere", /the server could not find the requested resource|404/, 1],
  ["top pods", /Metrics API not available/, 1],
  ["top nodes", /Metrics API not available/, 1],
  ["get nonsense", /the server doesn't have a resource type "nonsense"/, 1],
  ["get configmap nope", /Error from server \(NotFound\): configmaps "nope" not found/, 1],
  ["get configmap nope --ignore-not-found", /^$/],
  ["wait configmap/nope --for=jsonpath={.data.x}=2 --timeout=1s", /not found/, 1],
  ["wait deploy/web --for=condition=Bogus --timeout=1s", /timed out waiting for the condition/, 1],
];

const deleted: readonly Row[] = [
  ["delete pod -l app=web", /^pod "web-\S+" (force )?deleted/],
  ["delete deploy web", /deployment.apps "web" deleted/],
  ["wait pod -l app=web --for=delete --timeout=20s", /^$|condition met/],
  ["delete configmap map --cascade=foreground", /configmap "map" deleted/],
  ["wait configmap/map --for=delete --timeout=5s", /^$/],
  ["delete job once", /job.batch "once" deleted/],
  ["delete job by-hand --cascade=orphan", /job.batch "by-hand" deleted/],
  ["delete secret --all", /secret "secret" deleted/],
  ["delete configmap nope", /configmaps "nope" not found/, 1],
  ["delete configmap nope --ignore-not-found", /^$/],
  ["delete crd widgets.shop.example.com", /widgets.shop.example.com" deleted/],
  ["get wd", /the server doesn't have a resource type "wd"|could not find the requested resource/, 1],
  ["delete clusterrole shop-viewer", /"shop-viewer" deleted/],
  ["delete clusterrolebinding shop-views", /"shop-views" deleted/],
  ["delete priorityclass shop-high", /"shop-high" deleted/],
  ["delete namespace shop", /namespace "shop" deleted/],
  ["create deploy late --image=x", /namespaces "shop" not found/, 1],
];

/** Every row, in order. The namespace `shop` must be there, `EDITOR` must set `x` to "2". */
export const ROWS: readonly Row[] = [...made, ...changed, ...seen, ...deleted];

/** What turns `x: …` of a file into `x: "2"`, for `kubectl edit`. */
export const EDITOR = String.raw`sed -i.bak s/x:.*/x:\ \"2\"/`;
