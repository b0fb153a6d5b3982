"""The settings of an installation, with one more address beside the product's own."""

from config.settings import *  # noqa: F403 - all of them, as they are

ROOT_URLCONF = "_api_urls"
