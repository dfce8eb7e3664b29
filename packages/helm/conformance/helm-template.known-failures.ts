// SPDX-License-Identifier: Apache-2.0

const words = "The error of YAML that is no JSON is worded in another way by our reader.";

/** Cases that fail, and why. */
export const knownFailures: Readonly<Record<string, string>> = {
  "own/from/fromYaml_true_1_n2_b_nnull_c_n1.5_d_toJson": words,
  "own/from/fromYaml_x_1_.Error_quote": words,
};
