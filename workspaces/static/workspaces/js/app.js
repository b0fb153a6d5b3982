import "./shell.js";
import "./menu.js";
import "./dialog.js";
import "./toast.js";
import "./palette.js";
import "./table.js";
import "./combobox.js";
import "./dropzone.js";
import "./copy.js";
import "./filter.js";
import "./progress.js";
import "./socket.js";
import { scan } from "./bind.js";

document.documentElement.classList.add("js");
scan(document.body);
