/**
 * The version of the wire with its history.
 * 1: first release. The fingerprint test pins every layout of this version; before the release the vault was added
 *    (putVault, ownVault, getVault), then device passes, the slot of the devices and the end of an account
 *    (putPass, takePass, dropPass, dropAccount, account; getVault answers the published cards too).
 */
export const WIRE_VERSION = 1;
export const SUITE = 1;
/** SHA-256 over every layout, label, shape, name and limit of this version; made and compared by version.test.ts. */
export const WIRE_FINGERPRINT = '8f6bfda72096397a34d96f3cc8a623273d287355e7fbe29952be864fb20f8251';
