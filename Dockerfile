FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements.txt
COPY . .

# Names with hashes are made once, here; the values are only there because settings are checked at start.
ENV STATIC_DIR=/app/static
RUN SECRET_KEY=used-while-the-image-is-built-and-never-after BASE_URL=http://localhost \
    DATABASE_URL=postgres://none:none@localhost/none REDIS_URL=redis://localhost/0 \
    python manage.py collectstatic --no-input --verbosity 0 \
 && useradd --system --uid 10001 tertulia \
 && install -d -o tertulia /data

USER tertulia
EXPOSE 8000 8001
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", "--workers", "2", "--blocking-threads", "4", "config.wsgi:application"]
