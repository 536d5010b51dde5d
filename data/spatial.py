"""One geometry column type for both engines: PostGIS through GeoAlchemy2, WKB on SQLite."""

from __future__ import annotations

from typing import Any

import shapely
from geoalchemy2 import Geometry
from geoalchemy2.shape import from_shape, to_shape
from sqlalchemy import LargeBinary
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeDecorator

SRID = 4326


class SpatialType(TypeDecorator[Any]):
    """Shapely geometry in EPSG:4326. The index is made by the migrations: GiST on PostGIS, R*Tree on SQLite."""

    impl = Geometry
    cache_ok = True

    def __init__(self, kind: str = "GEOMETRY") -> None:
        self.kind = kind
        super().__init__(kind, srid=SRID, spatial_index=False)

    def __repr__(self) -> str:
        return f"SpatialType({self.kind!r})"

    def load_dialect_impl(self, dialect: Any) -> Any:
        # GeoAlchemy2's DDL hooks ask without a dialect.
        if dialect is None:
            return self.impl_instance
        if dialect.name == "sqlite":
            return dialect.type_descriptor(LargeBinary())
        return dialect.type_descriptor(self.impl_instance)

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return shapely.to_wkb(value)
        return from_shape(value, srid=SRID)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        if value is None:
            return None
        return shapely.from_wkb(value) if dialect.name == "sqlite" else to_shape(value)

    def bind_expression(self, bindvalue: Any) -> Any:
        return _Bind(bindvalue, self)

    def column_expression(self, column: Any) -> Any:
        return _Column(column, self)


class _Wrapped(ColumnElement[Any]):
    inherit_cache = True

    def __init__(self, inner: Any, type_: Any) -> None:
        self.inner = inner
        self.type = type_


class _Bind(_Wrapped):
    _traverse_internals = [("inner", InternalTraversal.dp_clauseelement)]


class _Column(_Wrapped):
    _traverse_internals = [("inner", InternalTraversal.dp_clauseelement)]


@compiles(_Bind)
def _compile_bind(element: _Bind, compiler: Any, **kw: Any) -> str:
    inner = compiler.process(element.inner, **kw)
    return str(inner) if compiler.dialect.name == "sqlite" else f"ST_GeomFromEWKT({inner})"


@compiles(_Column)
def _compile_column(element: _Column, compiler: Any, **kw: Any) -> str:
    inner = compiler.process(element.inner, **kw)
    return str(inner) if compiler.dialect.name == "sqlite" else f"ST_AsEWKB({inner})"
