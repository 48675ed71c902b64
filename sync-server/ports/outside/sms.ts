/** Port: short messages. What a message says is made here; the service only carries it. Neither number nor text is logged. */
export interface SmsSender {
  /** Throws SERVICE_UNREACHABLE where nothing shows that the service took it: then nothing counts as sent. */
  send(message: { mobile: string; text: string }): Promise<void>;
}
