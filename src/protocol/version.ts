/**
 * The version of the wire with its history.
 * 1: first release. The fingerprint test pins every layout of this version; before the release the vault was added
 *    (putVault, ownVault, getVault), then device passes, the slot of the devices and the end of an account
 *    (putPass, takePass, dropPass, dropAccount, account; getVault answers the published cards too), then what gives a
 *    restored server back what it lost (lost, giveBack, lacking, giveObjects, the push mended).
 */
export const WIRE_VERSION = 1;
export const SUITE = 1;
/** SHA-256 over every layout, label, shape, name and limit of this version; made and compared by version.test.ts. */
export const WIRE_FINGERPRINT = '67d566de979216b65797cad30c7c31bb02230a93ee59570d70643d6f050f8c84';
