"""Pictures are written anew before they are kept: what is not picture (places, comments, hidden payloads) stays behind."""

import io
import warnings

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from inbox.file_errors import PictureNotReadable, PictureTooLarge

MOST_MEGAPIXELS = 40
MOST_PIXELS = MOST_MEGAPIXELS * 1_000_000
MOST_PIXELS_IN_ALL_FRAMES = 5 * MOST_PIXELS
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}


def rewritten(content: bytes, *, media_type: str, name: str) -> tuple[bytes, int, int]:
    """Return a picture's bytes written anew in its own format, with its width and height.

    Raise PictureTooLarge before unpacking more than 40 megapixels, PictureNotReadable for anything that is no picture.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we count ourselves, right below
            with Image.open(io.BytesIO(content), formats=[FORMATS[media_type]]) as picture:
                frames = getattr(picture, "n_frames", 1)
                pixels = picture.width * picture.height
                if pixels > MOST_PIXELS or pixels * frames > MOST_PIXELS_IN_ALL_FRAMES:
                    raise PictureTooLarge(megapixels=MOST_MEGAPIXELS)
                return _written(picture, media_type=media_type, is_moving=frames > 1)
    except PictureTooLarge:
        raise
    except Image.DecompressionBombError:
        raise PictureTooLarge(megapixels=MOST_MEGAPIXELS) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, IndexError, KeyError, EOFError):
        raise PictureNotReadable(name=name) from None  # Pillow raises all of these over broken files


def _written(picture: Image.Image, *, media_type: str, is_moving: bool) -> tuple[bytes, int, int]:
    out = io.BytesIO()
    if is_moving:
        frames = [frame.copy() for frame in ImageSequence.Iterator(picture)]
        duration = picture.info.get("duration", 100)
        loop = picture.info.get("loop", 0)
        frames[0].save(out, FORMATS[media_type], save_all=True, append_images=frames[1:], duration=duration, loop=loop)
        return out.getvalue(), picture.width, picture.height
    upright = ImageOps.exif_transpose(picture)  # what the camera only noted is done, as the note goes
    if media_type == "image/jpeg" and upright.mode not in {"RGB", "L", "CMYK"}:
        upright = upright.convert("RGB")
    options: dict[str, object] = {"quality": 90} if media_type in {"image/jpeg", "image/webp"} else {}
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    if upright.mode == "P" and (palette := upright.getpalette()) is not None:
        clean.putpalette(palette)
        if "transparency" in upright.info:
            options["transparency"] = upright.info["transparency"]
    if profile := picture.info.get("icc_profile"):
        options["icc_profile"] = profile
    clean.save(out, FORMATS[media_type], **options)
    return out.getvalue(), upright.width, upright.height
