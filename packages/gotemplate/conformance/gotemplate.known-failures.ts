// SPDX-License-Identifier: Apache-2.0

const valuesFile = "The values file itself is not YAML; Helm's frame around that error is made by whoever loads values files.";
const root = "The suite gives a plain root of Values, Release and Template; the whole one and its methods are made by the chart renderer.";

/** Cases that fail, and why. */
export const knownFailures: Readonly<Record<string, string>> = {
  "go/html/unprintable_": valuesFile,
  "own/access/.Values.AsMap_len_lt_0": root,
  "own/access/.Values.PathValue_str": root,
  "own/from/fromYaml_true_1_n2_b_nnull_c_n1.5_d_toJson": "The YAML reader given to the suite words this error in another way.",
  "own/from/fromYaml_x_1_.Error_quote": "The YAML reader given to the suite words this error in another way.",
  "own/toYaml/string 74 x": valuesFile,
};
