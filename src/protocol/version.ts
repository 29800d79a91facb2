/**
 * The version of the wire with its history.
 * 1: first release. The fingerprint test pins every layout of this version.
 */
export const WIRE_VERSION = 1;
export const SUITE = 1;
