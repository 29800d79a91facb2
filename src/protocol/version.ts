/**
 * The version of the wire with its history.
 * 1: first release. The fingerprint test pins every layout of this version; before the release the vault was added
 *    (putVault, ownVault, getVault), then device passes, the slot of the devices and the end of an account
 *    (putPass, takePass, dropPass, dropAccount, account; getVault answers the published cards too), then what gives a
 *    restored server back what it lost (lost, giveBack, lacking, giveObjects, the push mended).
 *    A note names the report that was seen to, and what a report says has a schema, then the labels of the lock of a device,
 *    which are not sent, and what slots of the vault are made with (way.ts; at most 12 slots), then dropping the body of a
 *    deleted message (dropBody), then files in the talk: a message and a profile tell the server which blob they name (send,
 *    append), blobs that nothing names are dropped, there is a quota (blobRoom, dropBlob), and an empty part only asks (putBlob),
 *    then signs of life, which are handed on and not stored (signal).
 */
export const WIRE_VERSION = 1;
export const SUITE = 1;
/** SHA-256 over every layout, label, shape, name and limit of this version; made and compared by version.test.ts. */
export const WIRE_FINGERPRINT = 'a0b047b24d1e035dccc0a55acd4ff8f134791151bed02d05c682d3e51a79a08e';
