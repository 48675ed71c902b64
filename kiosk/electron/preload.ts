/** Gives the page two values, no functions: where the agent is, and the token that opens it. */
import { contextBridge, ipcRenderer } from 'electron';
import { accessChannel } from './access-channel.ts';

const access: unknown = ipcRenderer.sendSync(accessChannel);
if (access) contextBridge.exposeInMainWorld('ludeng', access);
