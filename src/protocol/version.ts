/**
 * The version of the wire with its history.
 * 1: first release. The fingerprint test pins every layout of this version.
 */
export const WIRE_VERSION = 1;
export const SUITE = 1;
/** SHA-256 over every layout, label, shape, name and limit of this version; made and compared by version.test.ts. */
export const WIRE_FINGERPRINT = '08e5958f34724afc9a9b917ae6807a6c55b8c931c6a5880869613613b2d00585';
