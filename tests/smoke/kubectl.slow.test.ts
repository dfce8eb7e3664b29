// SPDX-License-Identifier: Apache-2.0
// A real kubectl against `npm start`: each row is a command with its exit code and what it prints. The rows run in order, over one namespace.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bench, has, type Ended } from "./lab-process.ts";

const deployment = (image: string): string =>
  JSON.stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", labels: { app: "web" } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image }] } },
    },
  });

/** Words after `kubectl`, the exit code (0 when it is left out), and what one of its streams holds. */
type Row = readonly [command: string, printed: RegExp, code?: number];

const made: readonly Row[] = [
  ["create -f one.json", /^deployment.apps\/web created/],
  ["rollout status deploy/web", /deployment "web" successfully rolled out/],
  ["get deploy", /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +2\/2 +2 +2 /],
  ["get deploy,rs,pods", /deployment.apps\/web +2\/2[^]*replicaset.apps\/web-\S+ +2 +2 +2[^]*(pod\/web-\S+ +1\/1 +Running[^]*){2}/],
  ["get all", /pod\/web-[^]*deployment.apps\/web[^]*replicaset.apps\/web-/],
  ["get pods -o wide", /IP +NODE +NOMINATED NODE +READINESS GATES\nweb-\S+ +1\/1 +Running +0 +\S+ +10\.\S+ +node-\d/],
  ["create configmap map --from-literal=x=1", /configmap\/map created/],
  ["create secret generic secret --from-literal=p=q", /secret\/secret created/],
  ["create serviceaccount robot", /serviceaccount\/robot created/],
  ["create token robot", /^[\w-]+\.[\w-]+\.[\w-]+$/],
  ["create role reader --verb=get --resource=pods", /role.*\/reader created/],
  ["create rolebinding reads --role=reader --serviceaccount=shop:robot", /rolebinding.*\/reads created/],
  ["create job once --image=busybox -- true", /job.batch\/once created/],
  ["create cronjob often --image=busybox --schedule=@hourly -- true", /cronjob.batch\/often created/],
  ["create quota few --hard=pods=20", /resourcequota\/few created/],
  ["create pdb keep --selector=app=web --min-available=1", /poddisruptionbudget.policy\/keep created/],
  ["create ingress way --rule=a.example/*=web:80", /ingress.*\/way created/],
  ["create service clusterip other --tcp=80", /service\/other created/],
  ["run solo --image=nginx", /pod\/solo created/],
  ["expose deploy web --port=80", /service\/web exposed/],
  ["autoscale deploy web --min=1 --max=3", /horizontalpodautoscaler.autoscaling\/web autoscaled/],
  ["delete hpa web", /horizontalpodautoscaler.autoscaling "web" deleted/],
  ["wait job/once --for=condition=Complete --timeout=20s", /job.batch\/once condition met/],
];

const changed: readonly Row[] = [
  ["apply -f one.json", /^deployment.apps\/web configured/],
  ["apply -f one.json", /^deployment.apps\/web unchanged/],
  ["diff -f one.json", /^$/],
  ["diff -f two.json", /^-.*nginx:1\.25\n\+.*nginx:1\.26$/m, 1],
  ["diff --server-side -f two.json", /conflict with "kubectl-client-side-apply"|\+.*nginx:1\.26/, 1],
  ["apply -f two.json", /deployment.apps\/web configured/],
  ["rollout status deploy/web", /successfully rolled out/],
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
  ["rollout restart deploy/web", /deployment.apps\/web restarted/],
  ["rollout status deploy/web", /successfully rolled out/],
  ["rollout pause deploy/web", /deployment.apps\/web paused/],
  ["rollout resume deploy/web", /deployment.apps\/web resumed/],
  ["set image deploy/web web=nginx:1.27", /deployment.apps\/web image updated/],
  ["scale deploy web --replicas=3", /deployment.apps\/web scaled/],
  ["scale deploy web --current-replicas=3 --replicas=1", /deployment.apps\/web scaled/],
  ["scale deploy web --current-replicas=3 --replicas=1", /expected replicas to be 3, was 1/i, 1],
  ["label deploy web tier=front", /deployment.apps\/web labeled/],
  ["annotate deploy web a=b", /deployment.apps\/web annotated/],
  ['patch deploy web -p {"spec":{"replicas":2}}', /deployment.apps\/web patched/],
  ['patch deploy web --type=json -p [{"op":"replace","path":"/spec/replicas","value":1}]', /deployment.apps\/web patched/],
  ['patch deploy web --type=merge -p {"spec":{"replicas":2}}', /deployment.apps\/web patched/],
  ['patch deploy web --subresource=status --type=merge -p {"status":{"replicas":2}}', /deployment.apps\/web patched/],
  ['patch deploy web -p {"spec":{"selector":{"matchLabels":{"x":"y"}}}}', /field is immutable/, 1],
  ["edit configmap map", /configmap\/map edited/],
  ["wait configmap/map --for=jsonpath={.data.x}=2 --timeout=5s", /configmap\/map condition met/],
  ["replace -f one.json", /deployment.apps\/web replaced/],
  ["wait deploy/web --for=condition=Available --timeout=20s", /deployment.apps\/web condition met/],
];

const seen: readonly Row[] = [
  ["describe deploy web", /^Name: +web\nNamespace: +shop\n[^]*Image: +nginx:1\.25[^]*Events:\n/],
  ["describe pod solo", /Node: +node-\d[^]*Status: +Running/],
  ["describe configmap map", /Data\n====\nx:\n----\n2/],
  ["describe namespace shop", /Resource Quotas\n\s+Name: +few/],
  ["describe node node-1", /Conditions:[^]*Ready +True[^]*Capacity:/],
  ["describe service web", /Endpoints: +10\.\d+\.\d+\.\d+:80/],
  ["explain deployment.spec.replicas", /FIELD: replicas <integer>/],
  ["explain kustomization.spec.path", /GROUP: +kustomize.toolkit.fluxcd.io[^]*FIELD: path <string>/],
  ["api-resources", /kustomizations +ks +kustomize.toolkit.fluxcd.io\/v1 +true +Kustomization/],
  ["api-versions", /^apps\/v1$/m],
  ["auth can-i create pods", /^yes$/m],
  ["auth can-i create pods --as=jane", /^no$/m, 1],
  ["auth can-i get pods --as=system:serviceaccount:shop:robot", /^yes$/m],
  ["auth can-i --list", /\*\.\* +\[\] +\[\] +\[\*\]/],
  ["auth whoami", /Username +admin\n/],
  ["get pods --as=jane", /pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "shop"/, 1],
  ["get pods --field-selector=status.phase=Running -l app=web -o name", /^pod\/web-/],
  ["events", /Normal +ScalingReplicaSet +Deployment\/web/],
  ["get events --field-selector=involvedObject.kind=Job", /SuccessfulCreate +job\/once/],
  ["get configmap map -o jsonpath={.data.x}", /^2$/],
  ["get deploy -o custom-columns=N:.metadata.name", /^N\nweb\n$/],
  ["get nodes", /node-1 +Ready/],
  ["cordon node-1", /node\/node-1 cordoned/],
  ["drain node-1 --ignore-daemonsets --force --timeout=20s", /node\/node-1 drained|evicted/],
  ["uncordon node-1", /node\/node-1 uncordoned/],
  ["taint node node-1 a=b:NoSchedule", /node\/node-1 tainted/],
  ["taint node node-1 a-", /node\/node-1 untainted/],
  ["version", /Server Version: v1\.36/],
  ["cluster-info", /is running at https:\/\/127\.0\.0\.1:\d+/],
  ["get --raw /readyz", /^ok$/],
];

const notServed: readonly Row[] = [
  ["logs deploy/web", /Cannot serve log of pod web-\S+: pods are simulated here, no container runs in them/, 1],
  ["exec deploy/web -- ls", /Cannot serve exec of pod web-\S+: pods are simulated here/, 1],
  ["attach deploy/web", /Cannot serve attach of pod web-\S+: pods are simulated here/, 1],
  ["port-forward deploy/web 0:80", /Cannot serve portforward of pod web-\S+: pods are simulated here/, 1],
  ["top pods", /Metrics API not available/, 1],
  ["get nonsense", /the server doesn't have a resource type "nonsense"/, 1],
  ["get configmap nope", /Error from server \(NotFound\): configmaps "nope" not found/, 1],
];

const deleted: readonly Row[] = [
  ["delete pod -l app=web", /^pod "web-\S+" deleted/],
  ["delete deploy web", /deployment.apps "web" deleted/],
  ["wait pod -l app=web --for=delete --timeout=20s", /^$|condition met/],
  ["delete configmap map --cascade=foreground", /configmap "map" deleted/],
  ["wait configmap/map --for=delete --timeout=5s", /^$/],
  ["delete job once", /job.batch "once" deleted/],
  ["delete secret --all", /secret "secret" deleted/],
  ["delete namespace shop", /namespace "shop" deleted/],
  ["create deploy late --image=x", /namespaces "shop" not found/, 1],
];

describe.skipIf(!has("kubectl"))("kubectl", () => {
  let bench: Bench;
  let kubectl: (command: string) => Promise<Ended>;

  beforeAll(async () => {
    bench = new Bench();
    const lab = bench.start([]);
    await lab.until(/Ctrl-C ends it/);
    const env = { KUBECONFIG: lab.kubeconfig, EDITOR: String.raw`sed -i.bak s/x:.*/x:\ \"2\"/` };
    kubectl = (command) => bench.run("kubectl", ["-n", "shop", ...command.split(" ")], { env });
    writeFileSync(join(bench.folder, "one.json"), deployment("nginx:1.25"));
    writeFileSync(join(bench.folder, "two.json"), deployment("nginx:1.26"));
    expect(await kubectl("create namespace shop")).toMatchObject({ code: 0 });
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  for (const [command, printed, code = 0] of [...made, ...changed, ...seen, ...notServed, ...deleted]) {
    test(command, async () => {
      const ended = await kubectl(command);
      const text = `${ended.stdout}\n${ended.stderr}`;
      expect(ended.code, text).toBe(code);
      expect(
        [ended.stdout, ended.stderr].some((stream) => printed.test(stream)),
        text,
      ).toBe(true);
    });
  }
});
