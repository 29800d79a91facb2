import { storageContract } from './contract.ts';
import { createMemoryStorage } from './memory.ts';

storageContract('memory', () => {
  const storage = createMemoryStorage();
  return { storage, discard: () => storage.close() };
});
