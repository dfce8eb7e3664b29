// SPDX-License-Identifier: Apache-2.0
import type { Infer } from "@flux-ts/kube-core";
import { object, optional, string } from "@flux-ts/kube-core/schema";

/** An image that was chosen. @see image-reflector-controller api/v1 ImageRef */
export const imageReference = (description: string) =>
  object(
    {
      digest: optional(string({ description: "Digest of the image, where it was asked for." })),
      name: string({ description: "The image, without tag or digest." }),
      tag: string({ description: "Tag of the image." }),
    },
    { description },
  );

export type ImageReference = Infer<ReturnType<typeof imageReference>>;
