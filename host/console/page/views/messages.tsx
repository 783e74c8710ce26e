/**
 * The messages of all devices.
 * @module
 */
import { text } from "../text.ts";
import { MessageList } from "./message-list.tsx";

export function MessagesView() {
  return (
    <>
      <div class="heading">
        <h1>{text.app.messages}</h1>
        <p class="faint">{text.messages.title}</p>
      </div>
      <MessageList />
    </>
  );
}
