/**
 * The version of the wire with its history.
 * 1: first release. The fingerprint test pins every layout of this version; before the release the vault was added
 *    (putVault, ownVault, getVault).
 */
export const WIRE_VERSION = 1;
export const SUITE = 1;
/** SHA-256 over every layout, label, shape, name and limit of this version; made and compared by version.test.ts. */
export const WIRE_FINGERPRINT = '792a191cff090584db6ca2d036d8b11d7e88e04039befa76f8835900d57a055c';
