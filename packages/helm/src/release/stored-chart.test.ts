// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { loadFiles } from "../chart/load-files.ts";
import { recordJson } from "./record-json.ts";
import { storedChart } from "./stored-chart.ts";
import { SMALL_RECORD } from "../../test-support/small-record.ts";

test("a loaded chart is stored with its lock, its schema and its files, without its subcharts", () => {
  const files = {
    "Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: [{name: db, version: 1.x.x}]\n",
    "Chart.lock":
      'dependencies:\n- name: db\n  repository: ""\n  version: 1.0.0\ndigest: sha256:1\ngenerated: "2026-01-02T03:04:05.600Z"\n',
    "values.yaml": "a: 1\n",
    "values.schema.json": "{}",
    "README.md": "r",
    "templates/x.yaml": "x",
    "charts/db/Chart.yaml": "apiVersion: v2\nname: db\nversion: 1.0.0\n",
  };
  const chart = loadFiles(
    Object.entries(files).map(([name, text]) => ({ name, data: Buffer.from(text) })),
    () => [],
  );
  expect(recordJson({ ...SMALL_RECORD, chart: storedChart(chart) })).toContain(
    '"lock":{"generated":"2026-01-02T03:04:05.6Z","digest":"sha256:1","dependencies":[{"name":"db","version":"1.0.0","repository":""}]},' +
      '"templates":[{"name":"templates/x.yaml","data":"eA=="}],"values":{"a":1},"schema":"e30=","schemamodtime":"0001-01-01T00:00:00Z",' +
      '"files":[{"name":"README.md","data":"cg=="}]}',
  );
});
