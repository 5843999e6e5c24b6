# The register in a container: web, worker and beat are one image with three commands (docker-compose.yml).
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements/runtime.txt /tmp/runtime.txt
RUN /opt/venv/bin/pip install --require-hashes -r /tmp/runtime.txt

FROM python:3.13-slim
# pg_dump and psql for `manage.py backup` and `restore`; a client reads servers of its own version and older.
RUN apt-get update \
 && apt-get install -y --no-install-recommends postgresql-client \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /srv/registry registry \
 && install -d -o registry -g registry -m 700 /var/lib/registry
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/var/lib/registry HOST=0.0.0.0 PORT=8000 \
    PROMETHEUS_DISABLE_CREATED_SERIES=1
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/registry
COPY manage.py ./
COPY registry registry
COPY members members
COPY codesign codesign
# Compiled as root, run by someone who can't change them.
RUN python -m compileall -q registry members codesign
USER registry
VOLUME /var/lib/registry
EXPOSE 8000
# The probe names a host that is allowed: in production every other one is refused.
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s \
    CMD ["python", "-m", "registry.kernel.probe", "live"]
CMD ["gunicorn", "--config", "python:registry.gunicorn_conf"]
