/** Gives the page two values, no functions: where the agent is, and the code that opens it once. */
import { contextBridge, ipcRenderer } from 'electron';
import { accessChannel } from './access-channel.ts';

const access: unknown = ipcRenderer.sendSync(accessChannel);
if (access) contextBridge.exposeInMainWorld('ludeng', access);
