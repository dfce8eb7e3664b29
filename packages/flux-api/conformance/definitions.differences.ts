// SPDX-License-Identifier: Apache-2.0

const D1 = "D-1: the course applies objects of this version, which Flux no longer serves; same schema, no conversion, marked deprecated";

/** Where our definitions differ from Flux's on purpose, by kind and served version, each with its reason. All else is equal. */
export const differentVersions: Readonly<Record<string, string>> = {
  "OCIRepository/v1beta2": D1,
  "ImageRepository/v1beta2": D1,
  "ImagePolicy/v1beta2": D1,
  "ImageUpdateAutomation/v1beta2": D1,
};
