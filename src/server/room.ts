/** How much the lists of one answer may hold together, so that no answer overflows a socket. */
export interface Room {
  bytes: number;
}

const ANSWER_BYTES = 4 * 1024 * 1024;

export function createRoom(bytes: number = ANSWER_BYTES): Room {
  return { bytes };
}

/** From the start of a list, as many as there is room for. */
export function fitting<T>(list: readonly T[], size: (item: T) => number, room: Room): T[] {
  return list.filter((item) => {
    room.bytes -= size(item);
    return room.bytes >= 0;
  });
}
