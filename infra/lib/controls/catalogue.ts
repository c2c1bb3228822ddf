import { dataControls } from "./catalogue-data.ts";
import { networkControls } from "./catalogue-network.ts";
import { webControls } from "./catalogue-web.ts";
import type { Control } from "./control.ts";

/**
 * Every demand of the frameworks that concerns what is made here, answered.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html
 * @see https://docs.aws.amazon.com/controltower/latest/controlreference/proactive-controls.html
 */
export const catalogue: readonly Control[] = [...webControls, ...dataControls, ...networkControls];
